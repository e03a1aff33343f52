import { delimiter, join } from "node:path";
import { packageRoot } from "../ir/package-root.js";
import { cacheDirectory } from "./cache-dir.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** fovea's own Python side, which comes with the tool. */
export const PYTHON_SOURCES = join(packageRoot, "python");

/** What fovea itself sets in the environment of every Python process. */
export function ownEnvironment(env: Environment = process.env): Readonly<Record<string, string>> {
  return {
    PYTHONPATH: [PYTHON_SOURCES, env["PYTHONPATH"]].filter(Boolean).join(delimiter),
    // The folder that the user stands in may hold a `types.py` or a `torch/`.
    PYTHONSAFEPATH: "1",
    // No `__pycache__` in the checkout or in the installed package (contract, line 1).
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONUNBUFFERED: "1",
    PYTHONUTF8: "1",
    FOVEA_CACHE: cacheDirectory(env),
    TRITON_CACHE_DIR: env["TRITON_CACHE_DIR"] || join(cacheDirectory(env), "triton"),
  };
}

/**
 * The environment of every Python process: the caller's, with fovea's own `python/` first on
 * `PYTHONPATH`, so that the two sides cannot disagree (contract, line 2).
 */
export function pythonEnvironment(env: Environment = process.env): Record<string, string> {
  const given = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { ...Object.fromEntries(given), ...ownEnvironment(env) };
}
