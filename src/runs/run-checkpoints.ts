import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "../ir/event.js";

/** A checkpoint that is in a run's folder. */
export interface RunCheckpoint {
  /** Relative to the run's folder. */
  readonly path: string;
  readonly bytes: number;
  /** The step and SHA-256 that the last event about it has; `null` where no event tells of it. */
  readonly step: number | null;
  readonly sha256: string | null;
}

/**
 * The checkpoints of a run that are on the disk.
 *
 * @param told - the last `checkpoint` event of each path
 */
export function runCheckpoints(
  directory: string,
  told: ReadonlyMap<string, Extract<Event, { type: "checkpoint" }>>,
): readonly RunCheckpoint[] {
  return names(join(directory, "checkpoints")).flatMap((name) => {
    const path = `checkpoints/${name}`;
    const stats = statSync(join(directory, path), { throwIfNoEntry: false });
    if (stats === undefined || !stats.isFile()) return [];
    const { step = null, sha256 = null } = told.get(path) ?? {};
    return [{ path, bytes: stats.size, step, sha256 }];
  });
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".pt"))
      .sort();
  } catch {
    return [];
  }
}
