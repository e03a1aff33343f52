import { join } from "node:path";
import { fingerprint } from "./fingerprint.js";
import { refreshStandings } from "./in-queue.js";
import { type FoundRecord, IndexFile } from "./index-file.js";
import { runFolders, runsDirectory } from "./run-directory.js";
import { asItStands, isRow, type RunRow, readRun } from "./run-row.js";
import { recordedSettings } from "./settings.js";
import { SettingsShape } from "./settings-shape.js";

/** A run with what its `run.json` says. */
export interface IndexedRun {
  readonly row: RunRow;
  /** Which settings it has; runs share them. */
  readonly shape: SettingsShape;
  /** JSON of their values, in the shape's order: ten thousand runs are held as text. */
  readonly settings: string;
}

/**
 * All runs of a home, oldest first. The folders are the truth; `index.sqlite` only spares reading
 * those that have not changed, and is made anew where it is missing or rubbish (contract, line 29).
 * A home that cannot be written is listed without it.
 */
export async function listRuns(home: string): Promise<readonly RunRow[]> {
  return (await readRuns(home, false)).map(({ row }) => row);
}

/** All runs as {@link listRuns} gives them, with their settings. */
export async function listIndexedRuns(home: string): Promise<readonly IndexedRun[]> {
  return await readRuns(home, true);
}

async function readRuns(home: string, withSettings: boolean): Promise<readonly IndexedRun[]> {
  const folders = runFolders(home);
  if (folders.length === 0) return [];
  const index = await IndexFile.of(home);
  try {
    const { records, shapes } = index.read(withSettings);
    const shapeOf = shapeCache();
    const runs = new Map<string, IndexedRun>();
    const changed = new Map<string, string>();
    for (const id of folders) {
      const directory = join(runsDirectory(home), id);
      const stands = fingerprint(directory);
      if (stands === null) continue;
      const kept = fromIndex(records.get(id), stands.print, shapes, shapeOf, withSettings);
      const run = kept ?? fromFolder(id, directory, shapeOf);
      if (run === null) continue;
      // What may still change unseen is written under a print that nothing has.
      if (kept === null) changed.set(id, stands.settled ? stands.print : "");
      // The home may have been moved since the row was written.
      runs.set(id, { ...run, row: { ...run.row, run: id, dir: directory } });
    }
    const gone = [...records.keys()].filter((id) => !runs.has(id));
    index.write(
      [...changed].flatMap(([id, print]) => toIndex(id, print, runs.get(id))),
      gone,
    );
    refreshStandings([...runs.values()].map(({ row }) => row));
    return [...runs.values()]
      .map((run) => ({ ...run, row: asItStands(run.row) }))
      .sort(({ row: a }, { row: b }) => a.started - b.started || (a.run < b.run ? -1 : 1));
  } finally {
    index.close();
  }
}

/** One shape for all runs that have the same paths. */
function shapeCache(): (paths: string) => SettingsShape {
  const shapes = new Map<string, SettingsShape>();
  return (paths) => {
    const shape = shapes.get(paths) ?? new SettingsShape(JSON.parse(paths) as string[]);
    shapes.set(paths, shape);
    return shape;
  };
}

function fromFolder(
  id: string,
  directory: string,
  shapeOf: (paths: string) => SettingsShape,
): IndexedRun | null {
  const run = readRun(id, directory);
  if (run === null) return null;
  const settings = recordedSettings(run.record);
  return {
    row: run.row,
    shape: shapeOf(JSON.stringify([...settings.keys()])),
    settings: JSON.stringify([...settings.values()]),
  };
}

/** @returns `null` where the index does not have the run as it is now */
function fromIndex(
  found: FoundRecord | undefined,
  print: string,
  shapes: ReadonlyMap<number, string>,
  shapeOf: (paths: string) => SettingsShape,
  withSettings: boolean,
): IndexedRun | null {
  if (found?.print !== print) return null;
  const paths = shapes.get(found.shape);
  if (paths === undefined || (withSettings && found.settings === null)) return null;
  try {
    const row: unknown = JSON.parse(found.row);
    if (!isRow(row)) return null;
    return { row, shape: shapeOf(paths), settings: found.settings ?? "[]" };
  } catch {
    return null;
  }
}

function toIndex(id: string, print: string, run: IndexedRun | undefined) {
  if (run === undefined) return [];
  const { row, shape, settings } = run;
  return [{ id, print, row: JSON.stringify(row), shape: JSON.stringify(shape.paths), settings }];
}
