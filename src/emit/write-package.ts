import { rmSync } from "node:fs";
import { join } from "node:path";
import { diskError } from "../disk/disk-error.js";
import { writeFiles } from "../disk/write-files.js";
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
 * Puts a package's folder right: writes what is missing or changed, and removes what fovea once
 * wrote and emits no more. All other files stay.
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
  // The manifest comes last: once it is new, everything that it lists is.
  const isManifest = ({ path }: EmittedFile): boolean => path === "manifest.json";
  writeFiles(dir, [...stale.filter((file) => !isManifest(file)), ...stale.filter(isManifest)]);
  for (const state of states) {
    if (state.status === "extra") remove(join(dir, state.path));
  }
}

function remove(file: string): void {
  try {
    rmSync(file);
  } catch (error) {
    throw diskError(error, file);
  }
}
