import type { Draft, Written } from "../draft.js";

/** A way to write a number: declares what it needs and gives the expression. */
export type Form = (draft: Draft, value: number) => Written;

export function plain(expression: string): Written {
  return { expression, computed: false };
}

export function computed(expression: string): Written {
  return { expression, computed: true };
}

/** A number beside the one that counts. */
export function decoy(draft: Draft): number {
  return 9 + 2 * draft.dice.below(40);
}
