import { Sparsity } from "../ir/sparsity.js";
import { freeze, parse, readOptions } from "./declare.js";
import { wrongChoice } from "./mistake.js";
import { overlay } from "./overlay.js";

/** What a sparsity leaves out: SLaK's for S and B. */
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

/** SLaK's by the network's size (README of VITA-Group/SLaK). */
const SLAK = {
  tiny: { ...SPARSITY, every: 2000, prune: 0.5 },
  small: SPARSITY,
  base: SPARSITY,
} satisfies Record<string, Sparsity>;

type SparsityPreset = (size: keyof typeof SLAK, overrides?: SparsityOptions) => Sparsity;

function preset(name: string): SparsityPreset {
  return (size, overrides = {}) => {
    if (typeof size !== "string" || !Object.hasOwn(SLAK, size)) {
      throw wrongChoice("size", size, Object.keys(SLAK));
    }
    return freeze(parse(name, Sparsity, overlay(SLAK[size], readOptions(name, overrides))));
  };
}

/**
 * Published sparsities, each a whole one: `sparsity: sparsity.slak("tiny")`. PeLK's is "all the
 * same" as SLaK's; how it meets the shared weights the paper does not say (`on`).
 */
export const sparsity = {
  slak: preset("sparsity.slak"),
  pelk: preset("sparsity.pelk"),
} as const;
