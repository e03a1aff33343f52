import { readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { diskError } from "../disk/disk-error.js";
import { writeAtomically } from "../disk/write-atomically.js";
import type { EmittedFile } from "../emit/emitted-file.js";
import { INDEX, type IndexState, inspectIndex } from "../emit/inspect-index.js";
import { type FileState, holdsExactly, inspectPackage } from "../emit/inspect-package.js";
import {
  editError,
  findEdits,
  isHalfWritten,
  type PackageState,
  recoverPackage,
  writePackage,
} from "../emit/write-package.js";
import { recallEmission, rememberEmission } from "./emission-memo.js";
import { removeDeadLocks, whileLocked } from "./out-lock.js";
import type { WantedPackage } from "./wanted-package.js";

/** How a folder stands against the packages that are wanted in it. */
export interface Standing {
  readonly packages: readonly PackageState[];
  /** Its typed index; `null` where there is none to write. */
  readonly index: IndexState | null;
}

/** Compares only: writes nothing, takes no lock, makes no folder. */
export function comparePackages(out: string, wanted: readonly WantedPackage[]): Standing {
  return compare(out, wanted.map(once));
}

/**
 * Puts packages and the typed index of their folder right, a package all at once. Nothing is written
 * before all that differ are emitted and no edit by hand is in the way, and nothing at all where
 * all is right.
 *
 * @param options.force - overwrite what was edited by hand
 * @param options.note - shows the user an edit that is in the way
 * @returns how the folder stood before
 * @throws FoveaError FOV0051 where the disk refuses, FOV0052 for an edit, FOV0053 where another
 *   process writes into the folder
 */
export function putPackages(
  out: string,
  wanted: readonly WantedPackage[],
  options: { readonly force: boolean; readonly note: (text: string) => void },
): Standing {
  const emitted = wanted.map(once);
  const standing = compare(out, emitted);
  const isOver = !wanted.some(({ dir }) => isHalfWritten(dir));
  if (isRight(standing) && isOver) {
    removeDeadLocks(out);
    remember(emitted);
    return standing;
  }
  if (isOver) refuseEdits(out, standing, options);
  return whileLocked(out, () => {
    for (const { dir } of wanted) recoverPackage(dir);
    removeHalfIndex(out);
    // What was right already is not written, and need not be looked at again.
    const packages = standing.packages.map((state, index) => {
      const each = emitted[index];
      return each === undefined || (isOver && isAsWanted(state.files)) ? state : compareOne(each);
    });
    const found = { packages, index: compareIndex(out, emitted) };
    refuseEdits(out, found, options);
    for (const [index, state] of packages.entries()) {
      if (!isAsWanted(state.files)) writePackage(emitted[index]?.emit() ?? [], state);
    }
    if (found.index !== null) writeIndex(out, found.index);
    remember(emitted);
    return found;
  });
}

/** Whether files are as they are wanted. */
export function isAsWanted(files: readonly FileState[]): boolean {
  return files.every(({ status }) => status === "unchanged");
}

/** Whether nothing is to be done. */
export function isRight({ packages, index }: Standing): boolean {
  return packages.every(({ files }) => isAsWanted(files)) && isAsWanted(index ? [index.file] : []);
}

/** Whether something was edited by hand, so that only force puts it right. */
export function hasEdits({ packages, index }: Standing): boolean {
  const files = [...packages.flatMap((each) => each.files), ...(index ? [index.file] : [])];
  return files.some(({ edit }) => edit !== undefined);
}

/** A package that is emitted once at the most, however often it is compared. */
interface Emitted extends WantedPackage {
  readonly known: () => readonly EmittedFile[] | undefined;
}

function once(wanted: WantedPackage): Emitted {
  let files: readonly EmittedFile[] | undefined;
  const emit = (): readonly EmittedFile[] => {
    files ??= wanted.emit();
    return files;
  };
  return { ...wanted, emit, known: () => files };
}

function compare(out: string, emitted: readonly Emitted[]): Standing {
  return { packages: emitted.map(compareOne), index: compareIndex(out, emitted) };
}

function compareOne(each: Emitted): PackageState {
  return { name: each.network.name, dir: each.dir, files: compareFiles(each) };
}

/** What was emitted from the same inputs and lies there as it was is not emitted again. */
function compareFiles({ dir, inputs, emit, known }: Emitted): readonly FileState[] {
  const before = known() === undefined ? recallEmission(dir, inputs) : undefined;
  if (before !== undefined && holdsExactly(dir, before)) {
    return before.map((file) => ({ ...file, status: "unchanged" }));
  }
  return inspectPackage(dir, emit());
}

function compareIndex(out: string, emitted: readonly Emitted[]): IndexState | null {
  return inspectIndex(
    out,
    emitted.map(({ dir, network }) => ({ folder: basename(dir), network })),
  );
}

function remember(emitted: readonly Emitted[]): void {
  for (const { dir, inputs, known } of emitted) {
    const files = known();
    if (files !== undefined) rememberEmission(dir, inputs, files);
  }
}

function refuseEdits(
  out: string,
  { packages, index }: Standing,
  { force, note }: { readonly force: boolean; readonly note: (text: string) => void },
): void {
  if (force) return;
  const own = index === null ? [] : [{ name: "index", dir: out, files: [index.file] }];
  const [first, ...others] = [...packages, ...own].flatMap(findEdits);
  if (first === undefined) return;
  for (const { change } of [first, ...others]) note(change);
  throw editError([first, ...others]);
}

/** What a process left that was killed while it wrote the index. */
function removeHalfIndex(out: string): void {
  for (const name of readdirSync(out)) {
    const isHalf = name.startsWith(`${INDEX}.`) && name.endsWith(".tmp");
    if (isHalf) rmSync(join(out, name), { force: true });
  }
}

function writeIndex(out: string, { file: { path, status }, text }: IndexState): void {
  const file = join(out, path);
  if (status === "unchanged") return;
  if (text !== null) {
    writeAtomically(file, text);
    return;
  }
  try {
    rmSync(file);
  } catch (error) {
    throw diskError(error, file);
  }
}
