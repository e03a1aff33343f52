import type { Mixer } from "../../ir/mixer.js";
import type { Network } from "../../ir/network.js";
import { unequalLengths } from "../check-network.js";
import { classifier } from "../classifier.js";
import { readOptions } from "../declare.js";
import type { AsLong } from "../literals.js";
import { wrongValue } from "../mistake.js";
import { declareNetwork, type NetworkSettings } from "../network.js";
import { peripheral } from "../peripheral.js";
import { stem } from "../stem.js";

/** PeLK's sizes (section 4.1, after ConvNeXt and SLaK); drop path is SLaK's. */
const SIZES = {
  tiny: { depths: [3, 3, 9, 3], widths: [96, 192, 384, 768], dropPath: 0.1 },
  small: { depths: [3, 3, 27, 3], widths: [96, 192, 384, 768], dropPath: 0.4 },
  base: { depths: [3, 3, 27, 3], widths: [128, 256, 512, 1024], dropPath: 0.5 },
} as const;
export type PelkSize = keyof typeof SIZES;

/** A list that was not overridden has the preset's four stages. */
type Four<T> = readonly [T, T, T, T];

export interface PelkOverrides<
  D extends readonly number[],
  W extends readonly number[],
  M extends readonly Mixer[],
> extends Partial<NetworkSettings> {
  /** `pelk_<size>` where it is not given. */
  readonly name?: string | undefined;
  readonly depths?: AsLong<AsLong<D, M, "mixers"> & D, W, "widths"> | undefined;
  readonly widths?: AsLong<W, D, "depths"> | undefined;
  readonly mixers?: AsLong<M, D, "depths"> | undefined;
}

const LISTS = ["depths", "widths", "mixers"] as const;

/**
 * PeLK as published: kernels 51, 49, 47, 13 with a 5×5 centre, widths ×1.3, 40% sparsity.
 *
 * @param size - `"tiny"`, `"small"` or `"base"`
 * @param overrides - any options of `network()`, and `name`
 * @throws FoveaError of the first override that is unknown or wrong
 */
export function pelk<
  const D extends readonly number[] = Four<number>,
  const W extends readonly number[] = Four<number>,
  const M extends readonly Mixer[] = Four<Mixer>,
>(size: PelkSize, overrides: PelkOverrides<D, W, M> = {}): Network {
  if (!isPelkSize(size)) {
    const names = Object.keys(SIZES).map((each) => `"${each}"`);
    throw wrongValue(["size"], size, { allowed: names.join(", "), example: '"tiny"' });
  }
  const { name = `pelk_${size}`, ...given } = readOptions("pelk", overrides);
  checkListLengths(given);
  return declareNetwork("pelk", name, { ...preset(size), ...given });
}

function preset(size: PelkSize) {
  return {
    input: { channels: 3, size: 224 },
    stem: stem.patchify({ stride: 4 }),
    widen: 1.3,
    ...SIZES[size],
    mixers: [51, 49, 47, 13].map((kernel) => peripheral({ kernel, centre: 5 })),
    sparsity: 0.4,
    head: classifier(1000),
  };
}

function isPelkSize(size: unknown): size is PelkSize {
  return typeof size === "string" && Object.hasOwn(SIZES, size);
}

/** With fewer than all three lists, each must fit those of the preset. */
function checkListLengths(given: Record<string, unknown>): void {
  if (LISTS.every((list) => given[list] !== undefined)) return;
  for (const list of LISTS) {
    const value = given[list];
    if (!Array.isArray(value) || value.length === 4) continue;
    const message = `${list} has ${value.length} entries, and the preset has 4 stages`;
    throw unequalLengths(
      [list],
      list === "mixers" ? `${value.length} mixers` : value,
      message,
      4,
    ).with({ fix: `give ${list} 4 entries, or override depths, widths and mixers together` });
  }
}
