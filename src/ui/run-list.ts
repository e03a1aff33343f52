import { randomBytes } from "node:crypto";
import { statOf } from "../disk/stat-of.js";
import { runFolders, runsDirectory } from "../runs/run-directory.js";
import { listRuns } from "../runs/run-index.js";
import type { RunRow } from "../runs/run-row.js";
import { ListedRun } from "./listed-run.js";
import { Turns } from "./turns.js";
import type { ListedRow, RunsMessage } from "./wire.js";

const LOOK_MS = 250;
/** What a look may take before the rest is left to the next one: 4% of a processor. */
const BUDGET_MS = 10;
const STILL_FRESH_MS = 2000;

/**
 * All runs of a home, kept up to date while somebody looks, for all pages at once. Every change
 * has a number, so that each page is sent what it has not seen, and no more.
 */
export class RunList {
  /** Numbers of other servers mean nothing here. */
  readonly epoch = randomBytes(4).toString("hex");
  #home: string;
  #runs = new Map<string, ListedRun>();
  #version = 0;
  /** The last change of each run, and of each that is gone. */
  #changed = new Map<string, number>();
  #opening: Promise<void> | null = null;
  #opened = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #folderTime: number | null = null;
  #restless = new Turns(
    () => [...this.#runs.values()].filter(({ isRestless }) => isRestless),
    (run) => this.#look(run),
  );
  #all = new Turns(
    () => this.#runs.values(),
    (run) => this.#look(run),
  );
  #follows = new Set<ListedRun>();
  #listeners = new Set<() => void>();

  constructor(home: string) {
    this.#home = home;
  }

  get version(): number {
    return this.#version;
  }

  /** How many pages follow the list. */
  get followers(): number {
    return this.#listeners.size;
  }

  /** Oldest first. */
  async rows(): Promise<readonly ListedRow[]> {
    await this.#fresh();
    return [...this.#runs.values()]
      .flatMap(({ row }) => (row === null ? [] : [row]))
      .sort((a, b) => a.started - b.started || (a.run < b.run ? -1 : 1))
      .map(listed);
  }

  /** What changed after a version. */
  changesSince(version: number): RunsMessage {
    const rows: ListedRow[] = [];
    const removed: string[] = [];
    for (const [id, changed] of this.#changed) {
      if (changed <= version) continue;
      const row = this.#runs.get(id)?.row ?? null;
      if (row === null) removed.push(id);
      else rows.push(listed(row));
    }
    return { rows, removed };
  }

  /**
   * Calls back after changes, and keeps looking for them as long as anybody wants to know.
   *
   * @returns what ends it
   */
  async follow(listener: () => void): Promise<() => void> {
    // What has changed since a moment ago is seen at the next look.
    if (performance.now() - this.#opened > STILL_FRESH_MS) await this.#fresh();
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => this.#tick(), LOOK_MS);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0 || this.#timer === null) return;
      clearInterval(this.#timer);
      this.#timer = null;
      for (const run of this.#runs.values()) run.stop();
    };
  }

  /** Reads the list from the index, where nobody has kept it up to date. */
  async #fresh(): Promise<void> {
    if (this.#timer !== null) return;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    await this.#opening;
  }

  async #open(): Promise<void> {
    // Looked at before the rows are read: what changes in between is seen at the next look.
    this.#folderTime = this.#modified();
    const fresh = new Map(
      runFolders(this.#home).map((id) => [id, new ListedRun(this.#home, id, this.#follows)]),
    );
    for (const row of await listRuns(this.#home)) fresh.get(row.run)?.take(row);
    const before = this.#runs;
    this.#runs = fresh;
    for (const [id, { row }] of fresh) {
      if (JSON.stringify(before.get(id)?.row ?? null) !== JSON.stringify(row)) this.#change(id);
    }
    for (const [id, { row }] of before) if (row !== null && !fresh.has(id)) this.#change(id);
    this.#opened = performance.now();
  }

  #tick(): void {
    const before = this.#version;
    const begun = performance.now();
    this.#findFolders();
    this.#restless.take(begun + BUDGET_MS / 2);
    this.#all.take(begun + BUDGET_MS);
    if (this.#version !== before) for (const listener of [...this.#listeners]) listener();
  }

  /** A folder that is made or removed gives its parent another time. */
  #findFolders(): void {
    const modified = this.#modified();
    if (modified === this.#folderTime) return;
    this.#folderTime = modified;
    const folders = new Set(runFolders(this.#home));
    for (const id of folders) {
      if (!this.#runs.has(id)) this.#runs.set(id, new ListedRun(this.#home, id, this.#follows));
    }
    for (const [id, run] of this.#runs) {
      if (folders.has(id)) continue;
      run.stop();
      this.#runs.delete(id);
      this.#change(id);
    }
  }

  #modified(): number | null {
    return statOf(runsDirectory(this.#home))?.mtimeMs ?? null;
  }

  #look(run: ListedRun): void {
    if (this.#runs.get(run.id) !== run) return;
    if (run.look()) this.#change(run.id);
  }

  #change(id: string): void {
    this.#version += 1;
    this.#changed.set(id, this.#version);
  }
}

function listed({ dir: _, ...row }: RunRow): ListedRow {
  return row;
}
