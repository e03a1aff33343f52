import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Folders beside the one that is replaced: `part` is being filled, `new` is complete, `old` was
 * moved aside, `gone` is being removed. They say how far a replacement came that was killed.
 */
type Stage = "part" | "new" | "old" | "gone";

interface Leftover {
  readonly path: string;
  readonly stage: string;
  /** The same for the folders of one replacement. */
  readonly id: string;
}

const NAME = /^\.(?<of>.+)\.fovea-(?<stage>part|new|old|gone)-(?<id>[0-9a-f-]+)$/;

/** Where a folder stands while it replaces another. */
export function besides(folder: string, stage: Stage, id: string): string {
  return join(dirname(folder), `.${basename(folder)}.fovea-${stage}-${id}`);
}

/** What replacements of a folder have left that were killed, or go on. */
function leftoversOf(folder: string): Leftover[] {
  let names: string[];
  try {
    names = readdirSync(dirname(folder));
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const { of, stage, id } = NAME.exec(name)?.groups ?? {};
    if (of !== basename(folder) || stage === undefined || id === undefined) return [];
    return [{ path: join(dirname(folder), name), stage, id }];
  });
}

/** Whether a replacement of the folder was begun and not ended. Reads only. */
export function isInterrupted(folder: string): boolean {
  return leftoversOf(folder).length > 0;
}

/**
 * Ends what a killed process began: a complete new folder whose place is empty is put there, all
 * else is removed. Nobody else may be replacing the folder.
 */
export function recoverFolder(folder: string): void {
  const left = leftoversOf(folder);
  if (!existsSync(folder)) {
    const old = left.find(({ stage }) => stage === "old");
    const next = left.find(({ stage, id }) => stage === "new" && id === old?.id);
    if (next !== undefined) renameSync(next.path, folder);
  }
  for (const { path, id } of left) discard(folder, path, id);
}

/**
 * Removes a folder that stands beside another. It gets another name first: nothing that is half
 * removed must be taken for something complete.
 */
export function discard(folder: string, path: string, id: string): void {
  const gone = besides(folder, "gone", id);
  try {
    if (path !== gone) renameSync(path, gone);
    rmSync(gone, { recursive: true, force: true });
  } catch {
    // It is not there, or the next command removes it.
  }
}
