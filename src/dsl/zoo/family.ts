import type { Mixer } from "../../ir/mixer.js";
import type { Network } from "../../ir/network.js";
import { unequalLengths } from "../check-network.js";
import { readOptions } from "../declare.js";
import type { AsLong } from "../literals.js";
import { wrongChoice } from "../mistake.js";
import { declareNetwork, type NetworkOptions, type NetworkSettings } from "../network.js";

/** A list that was not overridden has the preset's four stages. */
type Four<T> = readonly [T, T, T, T];

/** What a preset takes beside its size: any options of `network()`, and `name`. */
export interface FamilyOverrides<
  D extends readonly number[],
  W extends readonly number[],
  M extends readonly Mixer[],
> extends Partial<NetworkSettings> {
  /** `<family>_<size>` where it is not given. */
  readonly name?: string | undefined;
  /** Blocks of each stage. */
  readonly depths?: AsLong<AsLong<D, M, "mixers"> & D, W, "widths"> | undefined;
  /** Channels of each stage, before widening. */
  readonly widths?: AsLong<W, D, "depths"> | undefined;
  /** The token mixer of each stage's blocks. */
  readonly mixers?: AsLong<M, D, "depths"> | undefined;
}

/**
 * A network of a family.
 *
 * @param size - one of the published sizes
 * @param overrides - any options of `network()`, and `name`
 * @throws FoveaError of the first override that is unknown or wrong
 */
export type Family<Size extends string> = <
  const D extends readonly number[] = Four<number>,
  const W extends readonly number[] = Four<number>,
  const M extends readonly Mixer[] = Four<Mixer>,
>(
  size: Size,
  overrides?: FamilyOverrides<D, W, M>,
) => Network;

/** What a preset hands to `network()`: four stages. */
export type Preset = NetworkOptions<readonly number[], readonly number[], readonly Mixer[]>;

/**
 * Makes the function of a family.
 *
 * @param name - of the function, and the beginning of its networks' names
 * @param sizes - what each of the published sizes is
 * @param preset - the options of `network()` for one of them
 */
export function family<Size extends string, Published>(
  name: string,
  sizes: Readonly<Record<Size, Published>>,
  preset: (published: Published) => Preset,
): Family<Size> {
  return (size, overrides = {}) => {
    if (typeof size !== "string" || !Object.hasOwn(sizes, size)) {
      throw wrongChoice("size", size, Object.keys(sizes));
    }
    const { name: own = `${name}_${size}`, ...given } = readOptions(name, overrides);
    checkListLengths(given);
    const published = preset(sizes[size]);
    return declareNetwork(name, own, { ...published, ...given, ...blockOf(published, given) });
  };
}

/** A part of a block is completed by the preset's, as long as it is one of its kind. */
function blockOf({ block }: Preset, given: Record<string, unknown>): object {
  const part = given["block"];
  if (part === undefined || block === undefined) return {};
  if (typeof part !== "object" || part === null || Array.isArray(part)) return {};
  const isOther = "type" in part && "type" in block && part.type !== block.type;
  return isOther ? {} : { block: { ...block, ...part } };
}

const LISTS = ["depths", "widths", "mixers"] as const;

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
