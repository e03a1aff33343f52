import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { searchUpwards } from "./search-upwards.js";

type Environment = Readonly<Record<string, string | undefined>>;

const PROJECT_MARKS = [".fovea", "package.json", ".git"];

/** The user's project: the nearest folder upwards that has a mark of one, else the folder itself. */
export function projectDirectory(cwd: string): string {
  const marked = (folder: string): boolean =>
    PROJECT_MARKS.some((mark) => existsSync(join(folder, mark)));
  return searchUpwards(cwd, marked) ?? resolve(cwd);
}

/**
 * Where runs and their index are: `FOVEA_HOME`, else `.fovea` in the user's project (contract,
 * line 1). Nothing is made here.
 */
export function homeDirectory(cwd: string, env: Environment = process.env): string {
  const home = env["FOVEA_HOME"];
  if (home !== undefined && home !== "") return resolve(cwd, home);
  return join(projectDirectory(cwd), ".fovea");
}
