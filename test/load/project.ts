import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isFoveaError } from "../../src/ir/error.js";
import { loadTarget } from "../../src/load/load-target.js";
import { describeError, type ErrorDocument, renderError } from "../../src/load/render-error.js";

/** A user's folder with files, far from any `node_modules`. */
export function project(files: Record<string, string | Uint8Array>, folder = "project"): string {
  const root = join(mkdtempSync(join(tmpdir(), "fovea-load-")), folder);
  mkdirSync(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

export const load = (root: string, target = "main.ts") => loadTarget(target, { cwd: root });

/** The mistake that loading ends with, as `--json` and as a terminal show it. */
export async function mistake(
  root: string,
  target = "main.ts",
): Promise<ErrorDocument & { text: string }> {
  try {
    await load(root, target);
  } catch (error) {
    if (!isFoveaError(error)) throw error;
    const text = renderError(error, { cwd: root });
    return { ...describeError(error, root), text };
  }
  throw new Error(`${target} loads without a mistake`);
}

/** The comment that stands where a mistake is expected. */
export const HERE = "/*!*/";

/** Line and column behind {@link HERE}. */
export function here(text: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(HERE) + HERE.length).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Frames and files of the tool's own, which no user may see. */
export const INTERNAL = /^\s+at |node_modules|node:internal|[\\/](src|dist)[\\/]|\bzod\b/m;
