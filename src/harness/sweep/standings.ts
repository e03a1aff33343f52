import { join } from "node:path";
import type { RunStatus } from "../../ir/event.js";
import { contentHash } from "../../ir/hash.js";
import type { Sweep, SweepPoint } from "../../ir/sweep.js";
import { printOf } from "../../runs/beat.js";
import { readRunRecord, readStatus } from "../../runs/records.js";
import { runFoldersOf, runPrefix, runsDirectory } from "../../runs/run-directory.js";
import { isLive, isUnderWay, type RunRow, readRow } from "../../runs/run-row.js";
import type { Member } from "./sweep-request.js";

/** How a point stands: by the run of it that counts. */
export interface Standing {
  readonly status: RunStatus | "new";
  readonly run: string | null;
  readonly live: boolean;
  /** Another text where its `status.json` was written again. */
  readonly print: string;
}

/** How the points of a sweep stand, each by the run that counts. */
export function membersOf(
  { points }: Sweep,
  standings: Standings,
  rows: readonly RunRow[],
): readonly Member[] {
  const byId = new Map(rows.map((row) => [row.run, row]));
  return points.map((point) => {
    const { status, run } = standings.listed(point);
    return { point, status, row: run === null ? null : (byId.get(run) ?? null) };
  });
}

const NEW: Standing = { status: "new", run: null, live: false, print: "" };

/**
 * The runs of a home by what they are runs of. All are listed once; afterwards only those that are
 * called as a point's runs are looked for.
 */
export class Standings {
  readonly #home: string;
  readonly #note: (text: string) => void;
  /** Ids by the hash in their records, oldest first. */
  readonly #known: ReadonlyMap<string, readonly string[]>;
  /** Whether a run's experiment has the hash that its record says. */
  readonly #whole = new Map<string, boolean>();

  /** @param rows - all runs of the home, oldest first */
  constructor(home: string, rows: readonly RunRow[], note: (text: string) => void) {
    const known = new Map<string, string[]>();
    for (const { hash, run } of rows) {
      const ids = known.get(hash);
      if (ids === undefined) known.set(hash, [run]);
      else ids.push(run);
    }
    this.#home = home;
    this.#known = known;
    this.#note = note;
  }

  /**
   * How a point stands now by the runs that were listed. A completed run counts before one that is
   * under way, and that before the newest that ended.
   */
  listed({ hash }: SweepPoint): Standing {
    return this.#best(this.#known.get(hash) ?? [], hash);
  }

  /** The same by all its runs, those that were made since among them. */
  of({ hash, experiment }: SweepPoint): Standing {
    const prefix = runPrefix(experiment.name, hash);
    const known = this.#known.get(hash) ?? [];
    const made = runFoldersOf(this.#home, prefix)
      .filter((id) => !known.includes(id))
      .sort((a, b) => Number(a.slice(prefix.length)) - Number(b.slice(prefix.length)));
    return this.#best([...known, ...made], hash);
  }

  #best(ids: readonly string[], hash: string): Standing {
    const found = ids.map((id) => this.#look(id, hash)).filter((each) => each !== null);
    return (
      found.findLast(({ status }) => status === "completed") ??
      found.find(({ live }) => live) ??
      found.at(-1) ??
      NEW
    );
  }

  #look(id: string, hash: string): Standing | null {
    const directory = join(runsDirectory(this.#home), id);
    if (!this.#isOf(id, directory, hash)) return null;
    const live = isLive(directory);
    // Read after it was found gone: it may have written its end since.
    const read = readStatus(directory);
    const said = "value" in read ? read.value.status : (readRow(id, directory)?.status ?? "lost");
    const status = isUnderWay(said) && !live ? "lost" : said;
    return { status, run: id, live, print: `${id} ${printOf(join(directory, "status.json"))}` };
  }

  #isOf(id: string, directory: string, hash: string): boolean {
    const read = readRunRecord(directory);
    if (!("value" in read) || read.value.hash !== hash) return false;
    // It may have trained an edited package, or the first steps alone.
    if (read.value.replayOf !== null) return false;
    const before = this.#whole.get(id);
    if (before !== undefined) return before;
    const whole = contentHash(read.value.experiment) === hash;
    this.#whole.set(id, whole);
    if (!whole) this.#note(`${id} does not count: its run.json was edited, and is of another hash`);
    return whole;
  }
}
