import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { diskError } from "../../disk/disk-error.js";
import { writeAtomically } from "../../disk/write-atomically.js";
import { Network } from "../../ir/network.js";
import { homeDirectory } from "../../launch/home.js";

/** What one `--write` did, so that it can be taken back. */
const Entry = z.object({
  v: z.literal(1),
  /** The file that was named, its real path. */
  file: z.string(),
  source: z.string(),
  edits: z.array(z.object({ file: z.string(), before: z.string(), after: z.string() })),
  package: z.object({
    out: z.string(),
    tuned: z.string().nullable(),
    /** Whether the package stood there before. */
    existed: z.boolean(),
    before: Network,
    after: Network,
  }),
});
export type JournalEntry = z.infer<typeof Entry>;

/** An entry, and the file that it is kept in. */
export interface KeptEntry extends JournalEntry {
  readonly kept: string;
}

/** Where what was written is kept: beside the runs of the file's project, or in `FOVEA_HOME`. */
export function retargetHome(file: string): string {
  return join(homeDirectory(dirname(realpathSync(file))), "retarget");
}

/**
 * Keeps what is about to be written.
 *
 * @returns the file that it is kept in
 * @throws FoveaError FOV0051 where the disk refuses
 */
export function keep(entry: JournalEntry): string {
  const folder = retargetHome(entry.file);
  const path = join(folder, `${Date.now()}-${process.pid}.json`);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw diskError(error, folder);
  }
  writeAtomically(path, `${JSON.stringify(Entry.parse(entry), null, 2)}\n`);
  return path;
}

/** The last write of a file that was not taken back; `undefined` where there is none. */
export function lastOf(file: string): KeptEntry | undefined {
  const folder = retargetHome(file);
  const real = realpathSync(file);
  for (const name of entriesIn(folder).toReversed()) {
    const kept = join(folder, name);
    const entry = read(kept);
    if (entry?.file === real) return { ...entry, kept };
  }
  return undefined;
}

export function forget(kept: string): void {
  rmSync(kept, { force: true });
}

function entriesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d{13}-\d+\.json$/.test(name))
      .sort();
  } catch {
    return [];
  }
}

/** What is damaged is no entry. */
function read(path: string): JournalEntry | undefined {
  try {
    return Entry.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}
