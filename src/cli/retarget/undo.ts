import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeFile } from "../../disk/write-files.js";
import { requireChangeable, type SourceChange, writeSources } from "../../disk/write-sources.js";
import { FoveaError } from "../../ir/error.js";
import { loadTarget } from "../../load/load-target.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { diffOf } from "./describe.js";
import { forget, type KeptEntry, lastOf } from "./journal.js";
import type { RetargetOptions } from "./options.js";
import { refuseHandEdits } from "./package.js";
import { putPackageBack } from "./put-back.js";

/**
 * Takes the last write of a file back: its files byte by byte, and its package.
 *
 * @throws FoveaError FOV0174 where there is none, or a file was changed since
 */
export async function undo(io: Io, target: string, options: RetargetOptions): Promise<ExitCode> {
  const file = resolve(target);
  const entry = existsSync(file) ? lastOf(file) : undefined;
  if (entry === undefined) throw nothingToUndo(target);
  const changes = entry.edits.flatMap((edit) => toTakeBack(edit, io, options.force === true));
  const there = changes.filter((each) => existsSync(each.file));
  requireChangeable(
    there.map((each) => each.file),
    file,
  );
  const place = { ...entry.package, tuned: entry.package.tuned ?? undefined };
  const at = { out: place.out, source: entry.source, tuned: place.tuned, note: io.note };
  if (options.force !== true) {
    const { origins } = await loadTarget(file, { cwd: process.cwd(), note: () => {} });
    refuseHandEdits(place.after, origins, at);
  }
  writeSources(there);
  for (const { file: path, after } of changes) if (!existsSync(path)) writeFile(path, after);
  const { before, existed, out } = entry.package;
  if (existed || existsSync(join(out, before.name, "manifest.json"))) {
    await putPackageBack(file, before, existed, at);
  }
  forget(entry.kept);
  const paths = changes.map((each) => each.file);
  if (io.json) await io.result({ file, undone: paths, network: place.before.name });
  else {
    for (const each of changes) await io.print(diffOf(each));
    await io.print(`\ntook back the last write: ${paths.length} of your files and the package`);
  }
  return EXIT.done;
}

/**
 * What is to be written for a file to be as it was before; nothing where it is so already, by hand
 * or by version control.
 */
function toTakeBack(
  { file, before, after }: KeptEntry["edits"][number],
  io: Io,
  force: boolean,
): readonly SourceChange[] {
  const now = existsSync(file) ? readFileSync(file, "utf8") : null;
  if (now === before) return [];
  if (now !== after && !force) {
    const names = ["as it was written", now === null ? "gone" : "now"] as const;
    io.note(diffOf({ file, before: after, after: now ?? "" }, names));
    throw changedSince(file);
  }
  return [{ file, before: now ?? "", after: before }];
}

function nothingToUndo(target: string): FoveaError {
  return new FoveaError({
    code: "FOV0174",
    message: `no write of ${target} is left to take back`,
    path: "--undo",
    value: target,
    allowed: "a file that `fovea retarget --write` changed, with the same FOVEA_HOME",
    fix: "name the file as it was named for --write, or use version control",
  });
}

function changedSince(file: string): FoveaError {
  return new FoveaError({
    code: "FOV0174",
    message: `${file} was changed since it was written; nothing is taken back`,
    path: "--undo",
    value: file,
    allowed: "the text as it was written",
    fix: "take the change above back first, or lose it with --force",
    location: { file },
  });
}
