import type { Block } from "../ir/block.js";
import type { Mixer } from "../ir/mixer.js";
import { type Head, Network } from "../ir/network.js";
import type { Downsample, Stem } from "../ir/reduction.js";
import { completeBlock } from "./block.js";
import { validateNetwork } from "./check-network.js";
import { readOptions } from "./declare.js";
import type { AsLong } from "./literals.js";
import { unknownOption } from "./mistake.js";
import { noteNetwork } from "./origin.js";

/** An image's height and width in pixels, in that order, or one number for both. */
type ImageSize = number | readonly [height: number, width: number];

type PartOfConvNeXt = Partial<Extract<Block, { type: "convnext" }>>;

/** What a network can have beside its stages. */
export interface NetworkSettings {
  /** Any text; it comes back in `CONFIG["description"]`. */
  readonly description?: string | null | undefined;
  /** Images that counts and maps are given for. */
  readonly input: { readonly channels: number; readonly size: ImageSize };
  /** What makes the first feature map of the image: `stem.patchify({ stride: 4 })`. */
  readonly stem: Stem;
  /** Between stages; patches of 2×2 where it is not given. */
  readonly downsample?: Downsample | undefined;
  /** ConvNeXt's block where it is not given; `{ expansion: 2 }` is one of ConvNeXt's too. */
  readonly block?: Block | PartOfConvNeXt | undefined;
  /** Every stage has `floor(width · widen)` channels (SLaK's width factor); 1 where not given. */
  readonly widen?: number | undefined;
  /** Standard deviation that weights start with, over 0 to 1; 0.02 where not given. */
  readonly initStd?: number | undefined;
  /** Largest stochastic-depth rate, from 0 to below 1; it grows linearly over all blocks. */
  readonly dropPath?: number | undefined;
  /** Share of the weights that sparse training leaves zero, for the nonzero counts; 0 to below 1. */
  readonly sparsity?: number | undefined;
  /** What follows the last stage: `classifier(1000)`. */
  readonly head: Head;
}

export interface NetworkOptions<
  D extends readonly number[],
  W extends readonly number[],
  M extends readonly Mixer[],
> extends NetworkSettings {
  /** Blocks of each stage. */
  readonly depths: D;
  /** Channels of each stage, before widening. */
  readonly widths: AsLong<W, D, "depths">;
  /** The token mixer of each stage's blocks. */
  readonly mixers: AsLong<M, D, "depths">;
}

const DEFAULTS = {
  description: null,
  downsample: { type: "patchify", stride: 2 },
  widen: 1,
  initStd: 0.02,
  dropPath: 0,
  sparsity: 0,
};
const OPTIONS = Object.keys(Network.shape).filter((key) => key !== "kind" && key !== "name");

/**
 * Declares a network: a stem, then one stage for each entry of `depths`, `widths` and `mixers`.
 * Another network's entries may be spread into the options to derive a variant.
 *
 * @param name - the name of the Python package: a lower-case letter, then at most 63 of a-z, 0-9, _
 * @throws FoveaError of the first option that is unknown, missing or wrong
 */
export function network<
  const D extends readonly number[],
  const W extends readonly number[],
  const M extends readonly Mixer[],
>(name: string, options: NetworkOptions<D, W, M>): Network {
  return declareNetwork("network", name, options);
}

/** {@link network} for callers whose options are not typed. */
export function declareNetwork(what: string, name: unknown, given: unknown): Network {
  const { kind, ...options } = readOptions(what, given);
  // A network that was spread brings its kind and its name along; anything else is a slip.
  const slip = kind === undefined ? Object.hasOwn(options, "name") && "name" : "kind";
  if (kind !== "network" && slip) throw unknownOption(what, [slip], { kind, ...options }, OPTIONS);
  const block = completeBlock(options["block"]);
  const declared = { ...DEFAULTS, ...options, block, kind: "network", name };
  return noteNetwork(what, validateNetwork(declared, what), options["mixers"]);
}
