import type { Size } from "./grid.js";
import type { GridMixer, Mixer } from "./mixer.js";

/** Sizes that a mixer is to have; what is not given stays. */
export interface MixerSizes {
  /** Height and width in taps, odd. */
  readonly kernel?: Size | undefined;
  /** Side of the square whose taps are not shared, odd; of peripheral mixers alone. */
  readonly centre?: number | undefined;
}

/** Least centre that the usual branch merges into, and that branch's side (contract, line 39). */
const BRANCH = 5;

/**
 * A mixer with other sizes. A branch that is the usual one of its centre follows the centre; what
 * else is declared stays, whether it fits the sizes or not.
 */
export function resizedMixer(mixer: Exclude<Mixer, GridMixer>, sizes: MixerSizes): Mixer {
  const kernel = sizes.kernel && { kernel: sizeLike(sizes.kernel) };
  if (mixer.type !== "peripheral" || sizes.centre === undefined) return { ...mixer, ...kernel };
  const { centre } = sizes;
  const follows = mixer.branch === usualBranch(mixer.centre);
  const branch = follows ? usualBranch(centre) : mixer.branch;
  return { ...mixer, ...kernel, centre, branch };
}

/** A size as it is declared: one number where both sides are equal. */
export function sizeLike([height, width]: Size): number | [number, number] {
  return height === width ? height : [height, width];
}

function usualBranch(centre: number): number | false {
  return centre >= BRANCH ? BRANCH : false;
}
