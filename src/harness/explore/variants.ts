import { checkMixer } from "../../dsl/check-mixer.js";
import { isFoveaError } from "../../ir/error.js";
import type { LeftOut } from "../../ir/exploration.js";
import { type Size, toSize } from "../../ir/grid.js";
import type { Mixer } from "../../ir/mixer.js";
import type { Network } from "../../ir/network.js";
import { resizedMixer } from "../../ir/resizing.js";

/** A network with one stage's sizes changed, or as it is declared. */
export interface Variant {
  readonly stage: number;
  readonly kernel: Size;
  /** `null` of mixers without one. */
  readonly centre: number | null;
  readonly declared: boolean;
  readonly network: Network;
}

/** Sizes that a stage is to be tried with. */
export interface Sides {
  /** Sides of square kernels in taps, odd. */
  readonly kernels: readonly number[];
  /** Sides of the centre, odd; the declared one where there are none. */
  readonly centres: readonly number[];
}

/** The variants of a stage by kernel and then by centre, the declared one among them. */
export function stageVariants(
  network: Network,
  stage: number,
  sides: Sides,
): { readonly variants: readonly Variant[]; readonly leftOut: readonly LeftOut[] } {
  const mixer = network.mixers[stage];
  if (mixer === undefined || mixer.type === "grid") return { variants: [], leftOut: [] };
  const own = { stage, kernel: toSize(mixer.kernel), centre: centreOf(mixer) };
  const found: Variant[] = [{ ...own, declared: true, network }];
  const leftOut: LeftOut[] = [];
  const centres = own.centre === null || sides.centres.length === 0 ? [own.centre] : sides.centres;
  for (const side of sides.kernels) {
    for (const centre of centres) {
      const resized = resizedMixer(mixer, { kernel: [side, side], centre: centre ?? undefined });
      const reason = misfit(resized);
      if (reason !== undefined) {
        leftOut.push({ kernel: side, centre, reason });
      } else if (own.centre !== centre || own.kernel.some((each) => each !== side)) {
        found.push({
          stage,
          kernel: [side, side],
          centre,
          declared: false,
          network: { ...network, mixers: network.mixers.with(stage, resized) },
        });
      }
    }
  }
  return { variants: found.sort(bySize), leftOut };
}

function centreOf(mixer: Mixer): number | null {
  return mixer.type === "peripheral" ? mixer.centre : null;
}

/** What the DSL would say of the mixer's sizes. */
function misfit(mixer: Mixer): string | undefined {
  try {
    checkMixer(mixer);
    return undefined;
  } catch (error) {
    if (!isFoveaError(error)) throw error;
    return error.message;
  }
}

function bySize(a: Variant, b: Variant): number {
  const area = ({ kernel }: Variant): number => kernel[0] * kernel[1];
  return area(a) - area(b) || (a.centre ?? 0) - (b.centre ?? 0);
}
