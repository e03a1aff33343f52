import { resolve } from "node:path";
import { requireChangeable, writeSources } from "../../disk/write-sources.js";
import { type Fix, fixFile } from "../../harness/fix/fix-file.js";
import { loadShipped } from "../../load/load-target.js";
import { commandLine } from "../generate/command-line.js";
import type { Io } from "../io.js";
import { diffOf } from "../retarget/describe.js";

/**
 * Mends a file and what it imports, and shows the change. All files that change are written, or
 * none.
 *
 * @throws FoveaError FOV0250 for a file that is not the user's to change
 */
export async function fixTarget(io: Io, target: string): Promise<readonly Fix[]> {
  if (loadShipped(target) !== undefined) return [];
  const cwd = process.cwd();
  const { changes, fixes } = await fixFile(target, cwd);
  if (changes.length === 0) return [];
  requireChangeable(
    changes.map(({ file }) => file),
    resolve(cwd, target),
  );
  writeSources(changes);
  if (!io.json) {
    for (const change of changes) await io.print(`${diffOf(change, ["before", "mended"])}\n`);
  }
  const count = fixes.length === 1 ? "1 mistake" : `${fixes.length} mistakes`;
  io.note(`${commandLine([target])}: mended ${count}`);
  return fixes;
}
