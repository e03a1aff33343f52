import { PeripheralMixer } from "../ir/mixer.js";
import { usualBranch } from "../ir/resizing.js";
import { checkMixer } from "./check-mixer.js";
import { declare, freeze } from "./declare.js";
import type { FittingCentre, Odd, OddSides } from "./literals.js";
import type { CommonOptions, EmbeddingOption } from "./mixer-options.js";
import { noteCall } from "./origin.js";

export interface PeripheralOptions<
  K extends number,
  H extends number,
  W extends number,
  C extends number,
  B extends number,
> extends CommonOptions<B>,
    EmbeddingOption {
  /** Side of the kernel in taps, or `[height, width]`; odd, up to 1023. */
  readonly kernel: Odd<K, "a kernel's side"> | OddSides<H, W>;
  /** Side of the square in the middle whose taps are not shared; odd, up to the kernel. */
  readonly centre: FittingCentre<C, [K, H, W]>;
  /** Cells outside the centre are `base`, `base²`, … taps wide; 2 where it is not given. */
  readonly base?: number | undefined;
  /** Taps that no whole cell fits into: a cell of their own (default), or part of the last one. */
  readonly remainder?: "own" | "merge" | undefined;
}

/**
 * A depthwise convolution whose weight is shared more coarsely outwards (PeLK, section 3.2,
 * equations 1 and 2). By default 3/8 of the channels are convolved, the embedding is a bias, and
 * a parallel 5×5 convolution is trained where the centre is at least 5.
 *
 * @throws FoveaError for an even kernel, a centre wider than the kernel, and other wrong options
 */
export function peripheral<
  K extends number,
  H extends number,
  W extends number,
  C extends number,
  B extends number = 5,
>(options: PeripheralOptions<K, H, W, C, B>): PeripheralMixer {
  const defaults = {
    base: 2,
    remainder: "own",
    partial: 3 / 8,
    embedding: "bias",
    branch: false,
  };
  const fixed = { type: "peripheral" };
  const mixer = declare({
    what: "peripheral",
    schema: PeripheralMixer,
    fixed,
    defaults,
    options,
  });
  if (options.branch === undefined) mixer.branch = usualBranch(mixer.centre);
  checkMixer(mixer);
  return noteCall("peripheral", freeze(mixer));
}
