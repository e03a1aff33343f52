import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { diskError } from "../disk/disk-error.js";
import { makeFolder } from "../disk/make-folder.js";
import { packageRoot } from "../ir/package-root.js";
import { foveaVersion } from "../ir/version.js";

/** A project as `fovea init` leaves it; paths are relative to `dir`. */
export interface InitialProject {
  readonly dir: string;
  /** What was written. */
  readonly files: readonly string[];
  /** What was there already, and was left alone. */
  readonly kept: readonly string[];
  readonly network: string;
  readonly experiment: string;
}

const NETWORK = "my_pelk.arch.ts";
const EXPERIMENT = "my_pelk.experiment.ts";
const TEMPLATES = join(packageRoot, "templates", "init");

/**
 * Writes a project with an example network and an experiment. A file that exists is never
 * overwritten (contract, line 33).
 *
 * @throws FoveaError FOV0051 where the folder cannot be written
 */
export function initProject(dir: string): InitialProject {
  // npm leaves a `.gitignore` out of a tarball, and takes a `package.json` for its own.
  const files: Readonly<Record<string, string>> = {
    ".gitignore": template("gitignore"),
    "package.json": packageJson(dir),
    "tsconfig.json": template("tsconfig.json"),
    [NETWORK]: template(NETWORK),
    [EXPERIMENT]: template(EXPERIMENT),
  };
  const written: string[] = [];
  const kept: string[] = [];
  try {
    makeFolder(dir);
    for (const [name, text] of Object.entries(files)) {
      (writeNew(join(dir, name), text) ? written : kept).push(name);
    }
  } catch (error) {
    throw diskError(error, dir);
  }
  return { dir, files: written, kept, network: NETWORK, experiment: EXPERIMENT };
}

function template(name: string): string {
  return readFileSync(join(TEMPLATES, name), "utf8");
}

function packageJson(dir: string): string {
  const name = basename(dir)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const content = {
    name: name === "" || name === "fovea" ? "my-pelk" : name,
    private: true,
    type: "module",
    devDependencies: { fovea: `^${foveaVersion()}` },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function writeNew(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
