import type { Edit } from "./requests.js";
import type { Tried } from "./try-edit.js";

/** Counts of what came of edits. */
export class Tally {
  readonly #outcomes = new Map<string, number>();
  readonly #forms = new Map<string, number>();
  readonly #lines: number[] = [];

  add({ program }: Edit, { outcome, lines }: Pick<Tried, "outcome" | "lines">): void {
    count(this.#outcomes, outcome);
    for (const form of new Set(program.forms)) count(this.#forms, form);
    if (lines > 0) this.#lines.push(lines);
  }

  /** In words, a line each. */
  get text(): readonly string[] {
    return [
      `outcomes: ${listed(this.#outcomes)}`,
      `lines that went or came: ${quantiles(this.#lines)}`,
      `programs by form: ${listed(this.#forms)}`,
    ];
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([key, number]) => `${key} ${number}`)
    .join(", ");
}

function quantiles(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return `median ${at(0.5)}, nine in ten up to ${at(0.9)}, most ${at(1)}`;
}
