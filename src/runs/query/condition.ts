import type { WrittenName } from "./name.js";

export const COMPARISONS = ["=", "!=", "<", "<=", ">", ">=", "~"] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A value as it was written: a number, a word or text in quotes, a list, `true`, `false`, `null`. */
export interface WrittenValue {
  readonly value: number | string | boolean | null | readonly (number | string | boolean | null)[];
  readonly index: number;
  readonly raw: string;
  /** Whether it stood in quotes. */
  readonly quoted: boolean;
}

/** What `--where` says, as it was read; nothing of it is looked up yet. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly of: Condition }
  /** A name alone: a setting that is true. */
  | { readonly kind: "flag"; readonly name: WrittenName }
  | {
      readonly kind: "compare";
      readonly name: WrittenName;
      readonly comparison: Comparison;
      readonly value: WrittenValue;
    };
