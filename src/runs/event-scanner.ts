import type { Event } from "../ir/event.js";
import { parseEventLine } from "./event-line.js";

/** A complete line that is no event; `line` counts from 1. */
export interface LineProblem {
  readonly line: number;
  readonly message: string;
}

export interface EventVisitor {
  event(event: Event): void;
  problem?(problem: LineProblem): void;
}

/** No event comes near it; a longer line is rubbish, and is not held in memory. */
const LONGEST_LINE = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Takes the bytes of `events.jsonl` as they come and gives out its events. A last line without its
 * newline is torn, or still being written, and is nobody's problem.
 */
export class EventScanner {
  #visitor: EventVisitor;
  #line: number;
  #rest: Buffer[] = [];
  #restBytes = 0;

  /** @param line - lines of the file that come before what is pushed */
  constructor(visitor: EventVisitor, line = 0) {
    this.#visitor = visitor;
    this.#line = line;
  }

  /** Complete lines so far, with those before. */
  get lines(): number {
    return this.#line;
  }

  /** The last line, where it has no newline yet. */
  get rest(): string {
    return Buffer.concat(this.#rest).toString("utf8");
  }

  /**
   * Forgets a last line without its newline: its bytes will come again.
   *
   * @returns how many they are
   */
  dropRest(): number {
    const bytes = this.#restBytes;
    this.#rest = [];
    this.#restBytes = 0;
    return bytes;
  }

  push(chunk: Buffer): void {
    const last = chunk.lastIndexOf(NEWLINE);
    if (last === -1) {
      this.#keep(chunk);
      return;
    }
    const first = this.#rest.length === 0 ? -1 : chunk.indexOf(NEWLINE);
    if (first !== -1) {
      this.#keep(chunk.subarray(0, first));
      this.#take(this.#restBytes > LONGEST_LINE ? null : this.rest);
      this.dropRest();
    }
    const text = chunk.toString("utf8", first + 1, last + 1);
    for (let start = 0; start < text.length; ) {
      const end = text.indexOf("\n", start);
      this.#take(text.slice(start, end));
      start = end + 1;
    }
    if (last + 1 < chunk.length) this.#keep(chunk.subarray(last + 1));
  }

  /** Copies, since the caller reads the next bytes into the same memory. */
  #keep(bytes: Buffer): void {
    this.#restBytes += bytes.length;
    if (this.#restBytes <= LONGEST_LINE) this.#rest.push(Buffer.from(bytes));
    else this.#rest = [Buffer.alloc(0)];
  }

  #take(line: string | null): void {
    this.#line += 1;
    const read = line === null ? { problem: "longer than 64 MiB" } : parseEventLine(line);
    if ("problem" in read) this.#visitor.problem?.({ line: this.#line, message: read.problem });
    else this.#visitor.event(read);
  }
}
