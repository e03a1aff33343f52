import { DenseMixer } from "../ir/mixer.js";
import { checkMixer } from "./check-mixer.js";
import { declare, freeze } from "./declare.js";
import type { Odd, OddSides } from "./literals.js";
import { type CommonOptions, type EmbeddingOption, PLAIN } from "./mixer-options.js";
import { noteCall } from "./origin.js";

export interface DenseOptions<
  K extends number,
  H extends number,
  W extends number,
  B extends number,
> extends CommonOptions<B>,
    EmbeddingOption {
  /** Side of the kernel in taps, or `[height, width]`; odd, up to 1023. */
  readonly kernel: Odd<K, "a kernel's side"> | OddSides<H, W>;
}

/**
 * A depthwise convolution without sharing (RepLKNet, ConvNeXt). By default it takes all channels,
 * and has neither embedding nor branch.
 *
 * @throws FoveaError for an even kernel and other wrong options
 */
export function dense<K extends number, H extends number, W extends number, B extends number = 5>(
  options: DenseOptions<K, H, W, B>,
): DenseMixer {
  const fixed = { type: "dense" };
  const mixer = declare({ what: "dense", schema: DenseMixer, fixed, defaults: PLAIN, options });
  checkMixer(mixer);
  return noteCall("dense", freeze(mixer));
}
