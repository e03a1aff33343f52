import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Program } from "./program.js";

/** Writes a program's files into a folder of its own. */
export function writeProgram(folder: string, { files }: Program): void {
  mkdirSync(folder, { recursive: true });
  // Marks the project, whose files are looked at for other users of a value.
  writeFileSync(join(folder, "package.json"), "{}\n");
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
}

/** Texts of a program's files as they are in a folder. */
export function readProgram(folder: string, { files }: Program): ReadonlyMap<string, string> {
  return new Map([...files.keys()].map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

/** Absolute names of the files that the compiler looks at. */
export function sourcesOf(folder: string, { files }: Program): readonly string[] {
  return [...files.keys()]
    .filter((name) => !name.endsWith(".json"))
    .map((name) => join(folder, name));
}
