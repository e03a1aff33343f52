import { readFile, realpath, stat } from "node:fs/promises";
import { extname } from "node:path";
import { FoveaError } from "../ir/error.js";
import { systemReason } from "./look-at.js";

const EXTENSIONS = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];

/** A file that holds a declaration. */
interface UserFile {
  /** Without symbolic links: relative imports start there, as in Node. */
  readonly real: string;
  readonly text: string;
}

/**
 * Reads a user's file.
 *
 * @param file - absolute, as the user gave it
 * @returns `undefined` where there is nothing of that name
 * @throws FoveaError FOV0030 for a folder, a binary file, and what cannot be read; FOV0034 for an
 *   empty file
 */
export async function readUserFile(file: string): Promise<UserFile | undefined> {
  const refuse = (message: string, fix: string) => unreadable(file, message, fix);
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw refuse("is a folder", "name a file in it");
    if (!found.isFile()) throw refuse("is no ordinary file", "name a TypeScript file");
    if (!EXTENSIONS.includes(extname(file))) {
      throw refuse("is no TypeScript file", "give it the ending .ts");
    }
    const text = await readFile(file, "utf8");
    if (text.includes("\0")) throw refuse("is a binary file", "name a TypeScript file");
    if (text.trim() === "") throw empty(file);
    return { real: await realpath(file), text };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (error instanceof FoveaError) throw error;
    throw refuse(`cannot be read: ${systemReason(error)}`, "look at its permissions");
  }
}

function unreadable(file: string, message: string, fix: string): FoveaError {
  return new FoveaError({
    code: "FOV0030",
    message: `the file ${message}`,
    value: file,
    allowed: `a readable file that ends in ${EXTENSIONS.join(", ")}`,
    fix,
    location: { file },
  });
}

function empty(file: string): FoveaError {
  return new FoveaError({
    code: "FOV0034",
    message: "the file is empty",
    allowed: "a file whose default export is a network or an experiment",
    fix: 'write export default network("my_net", { … })',
    location: { file, line: 1, column: 1 },
  });
}
