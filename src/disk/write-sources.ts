import { isUtf8 } from "node:buffer";
import {
  accessSync,
  constants,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { isAbsolute, relative } from "node:path";
import { FoveaError } from "../ir/error.js";
import { diskError } from "./disk-error.js";
import { projectOf } from "./project-of.js";
import { writeBeside } from "./write-beside.js";

/** A user's file and its text before and after a change. */
export interface SourceChange {
  /** Absolute. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** Any of these bits lets somebody write. */
const WRITABLE = 0o222;

/**
 * Refuses files that are not the user's to change here: outside the project of the file that was
 * named, inside installed packages, protected, or not UTF-8.
 *
 * @param entry - the file that the user named; its project is changed
 * @throws FoveaError FOV0250 for the first of them
 */
export function requireChangeable(files: readonly string[], entry: string): void {
  const project = realpathSync(projectOf(realpathSync(entry)));
  for (const file of files) {
    const real = realpathSync(file);
    const inside = relative(project, real);
    if (inside.startsWith("..") || isAbsolute(inside)) {
      throw unchangeable(
        file,
        `it lies outside the project ${project}`,
        "copy it into the project, or change it by hand",
      );
    }
    if (/[\\/]node_modules[\\/]/.test(real)) {
      throw unchangeable(
        file,
        "it belongs to an installed package",
        "keep the value in a file of your own",
      );
    }
    if (!isUtf8(readFileSync(real))) {
      throw unchangeable(
        file,
        "it is not UTF-8, and writing it would change other characters",
        "save it as UTF-8",
      );
    }
    if (isProtected(real)) {
      throw unchangeable(
        file,
        "it is read-only",
        "give yourself the right to write it (chmod u+w)",
      );
    }
  }
}

/** Who is root may write everything, and yet a file without any such bit is meant to stay. */
function isProtected(file: string): boolean {
  if ((statSync(file).mode & WRITABLE) === 0) return true;
  try {
    accessSync(file, constants.W_OK);
    return false;
  } catch {
    return true;
  }
}

function unchangeable(file: string, why: string, fix: string): FoveaError {
  return new FoveaError({
    code: "FOV0250",
    message: `${file} cannot be changed: ${why}`,
    value: file,
    allowed: "files of your own inside the project, with the right to write them",
    fix,
    location: { file },
  });
}

/**
 * Writes the new texts of several files, all or none: each is written beside its place, then all
 * are renamed, and where one refuses the others are put back. Modes are kept, symbolic links are
 * followed.
 *
 * @throws FoveaError FOV0051 where the disk refuses; FOV0250 where a file is not as it was read
 */
export function writeSources(changes: readonly SourceChange[]): void {
  for (const { file, before } of changes) {
    if (readFileSync(file, "utf8") !== before) {
      throw unchangeable(
        file,
        "it was changed by somebody else meanwhile",
        "run the command again",
      );
    }
  }
  const waiting: { readonly temporary: string; readonly path: string }[] = [];
  const done: SourceChange[] = [];
  let path = "";
  try {
    for (const { file, after } of changes) {
      path = realpathSync(file);
      waiting.push({ temporary: writeBeside(path, after, true, statSync(path).mode), path });
    }
    for (const [index, { temporary, path: place }] of waiting.entries()) {
      path = place;
      renameSync(temporary, place);
      const change = changes[index];
      if (change !== undefined) done.push(change);
    }
  } catch (error) {
    for (const { temporary } of waiting) rmSync(temporary, { force: true });
    putBack(done);
    throw diskError(error, path);
  }
}

/** As far as the disk lets it; the first failure is the one to report. */
function putBack(done: readonly SourceChange[]): void {
  for (const { file, before } of done) {
    try {
      const path = realpathSync(file);
      renameSync(writeBeside(path, before, true, statSync(path).mode), path);
    } catch {
      // What made the others fail may be in the way here, too.
    }
  }
}
