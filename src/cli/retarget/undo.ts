import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { requireChangeable, writeSources } from "../../disk/write-sources.js";
import { FoveaError } from "../../ir/error.js";
import { loadTarget } from "../../load/load-target.js";
import { noOrigins } from "../../load/origins.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { diffOf } from "./describe.js";
import { forget, type KeptEntry, lastOf } from "./journal.js";
import type { RetargetOptions } from "./options.js";
import { putPackage, refuseHandEdits } from "./package.js";

/**
 * Takes the last write of a file back: its files byte by byte, and its package.
 *
 * @throws FoveaError FOV0174 where there is none, or a file was changed since
 */
export async function undo(io: Io, target: string, options: RetargetOptions): Promise<ExitCode> {
  const file = resolve(target);
  const entry = existsSync(file) ? lastOf(file) : undefined;
  if (entry === undefined) throw nothingToUndo(target);
  const changes = entry.edits.map(({ file: path, before, after }) => {
    const now = existsSync(path) ? readFileSync(path, "utf8") : "";
    if (now !== after && options.force !== true) {
      io.note(diffOf({ file: path, before: after, after: now }, ["as it was written", "now"]));
      throw changedSince(path);
    }
    return { file: path, before: now, after: before };
  });
  requireChangeable(
    changes.map((each) => each.file),
    file,
  );
  const place = { ...entry.package, tuned: entry.package.tuned ?? undefined };
  const at = { out: place.out, source: entry.source, tuned: place.tuned, note: io.note };
  if (options.force !== true) {
    const { origins } = await loadTarget(file, { cwd: process.cwd(), note: () => {} });
    refuseHandEdits(place.after, origins, at);
  }
  writeSources(changes);
  await putBack(entry, at, file);
  forget(entry.kept);
  const paths = changes.map((each) => each.file);
  if (io.json) await io.result({ file, undone: paths, network: place.before.name });
  else {
    for (const each of changes) await io.print(diffOf(each));
    await io.print(`\ntook back the last write: ${paths.length} of your files and the package`);
  }
  return EXIT.done;
}

async function putBack(
  { package: { before, existed, out } }: KeptEntry,
  place: Parameters<typeof putPackage>[2],
  file: string,
): Promise<void> {
  if (!existed) {
    rmSync(join(out, before.name), { recursive: true, force: true });
    return;
  }
  const origins = await loadTarget(file, { cwd: process.cwd(), note: () => {} }).then(
    (found) => found.origins,
    () => noOrigins,
  );
  putPackage(before, origins, place, true);
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
