import type { Sparsity } from "../ir/sparsity.js";
import { overlay } from "./overlay.js";

/** What a sparsity leaves out: SLaK's for S and B (facts: every 100 steps, 0.3, at random). */
const SPARSITY: Sparsity = {
  amount: 0.4,
  init: "snip",
  every: 100,
  prune: 0.3,
  grow: "random",
  on: "shared",
};

/** Dynamic sparsity as users write it: every option can be left out. */
export type SparsityOptions = { readonly [K in keyof Sparsity]?: Sparsity[K] | undefined };

/** Fills a partial sparsity in; what is no plain object stays for the schema to refuse. */
export function completeSparsity(given: unknown): unknown {
  if (given === undefined) return null;
  return overlay(SPARSITY, given);
}
