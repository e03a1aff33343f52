import { join } from "node:path";
import { statOf } from "../disk/stat-of.js";
import { type Follower, followEvents } from "../runs/follow-events.js";
import { runsDirectory } from "../runs/run-directory.js";
import { asItStands, type RunRow, readRow } from "../runs/run-row.js";
import { RunSummary } from "../runs/run-summary.js";
import { eventsFile } from "../runs/scan-events.js";

/** Each holds a file open and has a watch of the system's. */
const MOST_FOLLOWED = 64;

/**
 * One folder of the list. {@link ListedRun.look} sees what changed with two calls of `stat`: a
 * record is replaced by renaming, which the folder's own time tells, and events are appended. The
 * events of a run that trains are followed, and not read again from their beginning.
 */
export class ListedRun {
  readonly id: string;
  /** As it stands now; `null` where the folder is no run, or not yet. */
  row: RunRow | null = null;
  #directory: string;
  #print: string | null;
  /** As its folder has it. */
  #read: RunRow | null = null;
  #isRead = false;
  #followed: { readonly follower: Follower; readonly summary: RunSummary } | null = null;

  #follows: Set<ListedRun>;

  /** @param follows - the runs whose events are followed: there may not be too many */
  constructor(home: string, id: string, follows: Set<ListedRun>) {
    this.id = id;
    this.#follows = follows;
    this.#directory = join(runsDirectory(home), id);
    this.#print = fingerprint(this.#directory);
  }

  /** Whether it is likely to be another one soon. */
  get isRestless(): boolean {
    return !this.#isRead || this.row?.status === "running" || this.row?.status === "queued";
  }

  /** Takes a row that was read after this was made. */
  take(row: RunRow): void {
    this.#isRead = true;
    this.#read = row;
    this.row = row;
  }

  /**
   * Reads the run again where its files have changed.
   *
   * @returns whether the row is another one now
   */
  look(): boolean {
    const before = this.row;
    const print = fingerprint(this.#directory);
    if (print !== this.#print || !this.#isRead) {
      this.#print = print;
      this.#isRead = true;
      this.#read = print === null ? null : this.#readAgain();
    }
    if (this.#read === null) this.row = null;
    else {
      const now = asItStands(this.#read);
      if (!isSame(now, before)) this.row = now;
    }
    if (this.row?.status !== "running") this.stop();
    else if (this.#followed === null && this.#follows.size < MOST_FOLLOWED) this.#follow();
    return this.row !== before;
  }

  /** Follows no more; a later {@link look} may begin again. */
  stop(): void {
    this.#followed?.follower.stop();
    this.#followed = null;
    this.#follows.delete(this);
  }

  #readAgain(): RunRow | null {
    try {
      return readRow(this.id, this.#directory, this.#followed?.summary);
    } catch {
      // It was removed, or shut, while it was read: its folder has another time then.
      return null;
    }
  }

  #follow(): void {
    const summary = new RunSummary();
    const follower = followEvents(this.#directory, {
      event: (event) => summary.event(event),
      replaced: () => this.stop(),
    });
    this.#followed = { follower, summary };
    this.#follows.add(this);
  }
}

/** `null` where there is no such folder. */
function fingerprint(directory: string): string | null {
  const folder = statOf(directory);
  if (folder === null) return null;
  const events = statOf(eventsFile(directory));
  return `${folder.ino}.${folder.mtimeMs} ${events?.ino}.${events?.size}.${events?.mtimeMs}`;
}

function isSame(one: RunRow, other: RunRow | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
