import type { EventPlace } from "../../runs/follow-events.js";
import {
  type EventsMessage,
  type ListedRow,
  type ListPlace,
  type RunAnswer,
  type RunsAnswer,
  type RunsMessage,
  readPlace,
  writePlace,
} from "../wire.js";
import { ask, NotAllowed } from "./ask.js";

/** How the page stands with its server. */
export type Connection = "connecting" | "live" | "lost" | "refused";

/** Takes what happens to the run that is followed. */
export interface RunListener {
  events(message: EventsMessage): void;
  /** What was shown of it is of no use. */
  reset(): void;
}

/** The run that a page shows. */
interface FollowedRun {
  readonly id: string;
  /** Up to where its events are known. */
  place: EventPlace;
  readonly listener: RunListener;
}

const RETRY_MS = 2000;

/**
 * The list of runs, and the events of one, as they are now. There is one connection for both:
 * browsers open few to a host. A page that nobody sees has none, and goes on where it stood.
 */
export class Live {
  home = "";
  connection: Connection = "connecting";
  readonly rows = new Map<string, ListedRow>();
  #place: ListPlace | null = null;
  #source: EventSource | null = null;
  #run: FollowedRun | null = null;
  #listeners = new Set<() => void>();
  #told = false;

  start(): void {
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#close();
      else void this.#connect();
    });
    void this.#connect();
  }

  /** Calls back, once a frame at most, when rows or the connection have changed. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Follows one run from where it was read up to.
   *
   * @returns what ends it
   */
  follow({ view, place }: RunAnswer, listener: RunListener): () => void {
    const followed = { id: view.run.run, place, listener };
    this.#run = followed;
    this.#again();
    return () => {
      if (this.#run !== followed) return;
      this.#run = null;
      this.#again();
    };
  }

  #tell(): void {
    if (this.#told) return;
    this.#told = true;
    requestAnimationFrame(() => {
      this.#told = false;
      for (const listener of this.#listeners) listener();
    });
  }

  #set(connection: Connection): void {
    this.connection = connection;
    this.#tell();
  }

  #close(): void {
    this.#source?.close();
    this.#source = null;
  }

  #again(): void {
    this.#close();
    void this.#connect();
  }

  async #connect(): Promise<void> {
    try {
      if (this.#place === null && !document.hidden) await this.#load();
    } catch (error) {
      if (error instanceof NotAllowed) return this.#set("refused");
      this.#set("lost");
      setTimeout(() => void this.#connect(), RETRY_MS);
      return;
    }
    // Another one may have been faster.
    if (this.#place !== null && this.#source === null && !document.hidden) this.#open(this.#place);
  }

  async #load(): Promise<void> {
    const { epoch, version, home, runs } = await ask<RunsAnswer>("api/runs");
    this.home = home;
    this.rows.clear();
    for (const row of runs) this.rows.set(row.run, row);
    this.#place = { epoch, version };
    this.#tell();
  }

  #open(place: ListPlace): void {
    const run = this.#run;
    const events = run?.place ?? { bytes: 0, lines: 0 };
    const query = new URLSearchParams({ after: writePlace({ ...place, events }) });
    if (run !== null) query.set("run", run.id);
    const source = new EventSource(`api/changes?${query}`);
    this.#source = source;
    const on = <T>(type: string, take: (message: T) => void): void => {
      source.addEventListener(type, ({ data, lastEventId }: MessageEvent<string>) => {
        const seen = readPlace(lastEventId);
        if (seen !== null) {
          this.#place = seen;
          if (run !== null) run.place = seen.events;
        }
        take(JSON.parse(data) as T);
      });
    };
    on<RunsMessage>("runs", (message) => this.#take(message));
    on<EventsMessage>("events", (message) => run?.listener.events(message));
    on("reset", () => this.#reset());
    source.onopen = () => this.#set("live");
    source.onerror = () => {
      this.#set("lost");
      if (source.readyState !== EventSource.CLOSED) return;
      // It was refused: another server may stand there now, whose numbers are others.
      setTimeout(() => this.#reset(), RETRY_MS);
    };
  }

  #take({ rows, removed }: RunsMessage): void {
    for (const row of rows) this.rows.set(row.run, row);
    for (const id of removed) this.rows.delete(id);
    this.#tell();
  }

  #reset(): void {
    const run = this.#run;
    this.#place = null;
    this.#run = null;
    this.#again();
    run?.listener.reset();
  }
}
