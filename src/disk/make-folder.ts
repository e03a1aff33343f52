import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it. Node's own `recursive` never returns where the system says
 * ENOENT for a parent that exists, as `/proc` does.
 *
 * @param made - gets the path of each that is new, the uppermost first
 */
export function makeFolder(path: string, made: string[] = []): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && statSync(path).isDirectory()) return;
    if (code !== "ENOENT" || dirname(path) === path) throw error;
    makeFolder(dirname(path), made);
    makeLast(path, made);
    return;
  }
  made.push(path);
}

/** Another process may have made it meanwhile. */
function makeLast(path: string, made: string[]): void {
  try {
    mkdirSync(path);
    made.push(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
