import type { Odd } from "./literals.js";

/** What every mixer can have beside its kernel. */
export interface CommonOptions<B extends number> {
  /** Share of the channels that is convolved, over 0 to 1; the rest passes (PeLK, section 3.4). */
  readonly partial?: number | undefined;
  /** Side of a small parallel convolution that is merged after training; odd, or none. */
  readonly branch?: Odd<B, "a branch"> | false | undefined;
}

/** Of mixers with one kernel. */
export interface EmbeddingOption {
  /**
   * Kernel-wise positional embedding (PeLK, equation 3): as the bias that the equation comes to,
   * or without the taps outside the image, so that it varies towards the border.
   */
  readonly embedding?: "bias" | "masked" | false | undefined;
}

/** Defaults of mixers that convolve all channels. */
export const PLAIN = { partial: 1, embedding: false, branch: false } as const;
