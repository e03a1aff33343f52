import { existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isInterrupted, recoverFolder } from "../disk/leftovers.js";
import { replaceFolder } from "../disk/replace-folder.js";
import { FoveaError } from "../ir/index.js";
import type { EmittedFile } from "./emitted-file.js";
import type { FileState } from "./inspect-package.js";

/** A package that is to stand in a folder, and how the folder stands against it. */
export interface PackageState {
  readonly name: string;
  /** The package's folder. */
  readonly dir: string;
  readonly files: readonly FileState[];
}

/** What someone else wrote where fovea is to write: the file, and the change that it shows. */
export interface Edit {
  readonly file: string;
  readonly change: string;
}

/** Files that were edited since fovea wrote them, or that it never wrote. */
export function findEdits({ dir, files }: PackageState): Edit[] {
  return files.flatMap(({ path, edit }) =>
    edit === undefined ? [] : [{ file: join(dir, path), change: edit }],
  );
}

/** Refuses to go on over edits; nothing is written. */
export function editError([first, ...others]: readonly [Edit, ...Edit[]]): FoveaError {
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return new FoveaError({
    code: "FOV0052",
    message: `${first.file}${more} was edited, or is not of fovea's making; nothing is written`,
    value: first.file,
    fix: "move the change into the declaration or into a file of your own, or overwrite it with --force",
  });
}

/**
 * Puts a package's folder right, all at once: writes what is missing or changed, and removes what
 * fovea once wrote and emits no more. All other files stay. What is right is not touched.
 *
 * @param files what is emitted
 * @param state what `inspectPackage` found
 * @throws FoveaError FOV0051 where the disk refuses
 */
export function writePackage(
  files: readonly EmittedFile[],
  { dir, files: states }: PackageState,
): void {
  const status = new Map(states.map((state) => [state.path, state.status]));
  const stale = files.filter(({ path }) => status.get(path) !== "unchanged");
  const removed = states.filter((state) => state.status === "extra").map(({ path }) => path);
  if (stale.length === 0 && removed.length === 0) return;
  // The manifest comes last: where files are put in place one by one, what it lists is there.
  const isManifest = ({ path }: EmittedFile): boolean => path === "manifest.json";
  const written = [...stale.filter((file) => !isManifest(file)), ...stale.filter(isManifest)];
  replaceFolder(realFolder(dir), { written, removed });
}

/** Whether a write of the package was begun and never ended. Reads only. */
export function isHalfWritten(dir: string): boolean {
  return isInterrupted(realFolder(dir));
}

/** Ends or undoes a write of the package that was killed; nobody else may be writing it. */
export function recoverPackage(dir: string): void {
  recoverFolder(realFolder(dir));
}

/** Where the folder lies that a symbolic link stands for; it may be missing. */
function realFolder(dir: string): string {
  const isLink = lstatSync(dir, { throwIfNoEntry: false })?.isSymbolicLink();
  if (!isLink) return dir;
  return existsSync(dir) ? realpathSync(dir) : resolve(dirname(dir), readlinkSync(dir));
}
