import { StripesMixer } from "../ir/mixer.js";
import { checkMixer } from "./check-mixer.js";
import { declare, freeze } from "./declare.js";
import type { Odd, OddSides } from "./literals.js";
import { type CommonOptions, PLAIN } from "./mixer-options.js";
import { noteCall } from "./origin.js";

export interface StripesOptions<
  K extends number,
  H extends number,
  W extends number,
  N extends number,
  B extends number,
> extends CommonOptions<B> {
  /** Long sides of the two stripes in taps: one for both, or `[height, width]`; odd, up to 1023. */
  readonly kernel: Odd<K, "a kernel's side"> | OddSides<H, W>;
  /** Short side of the stripes; odd, 5 where it is not given. */
  readonly width?: Odd<N, "a stripe's width"> | undefined;
}

const WIDTH = 5;

/**
 * Two parallel depthwise convolutions, `kernel × width` and `width × kernel`, each with its norm
 * (SLaK, section 4.1), and a small `width × width` one beside them.
 *
 * @throws FoveaError for an even kernel, a width beyond the kernel, and other wrong options
 */
export function stripes<
  K extends number,
  H extends number,
  W extends number,
  N extends number = 5,
  B extends number = 5,
>(options: StripesOptions<K, H, W, N, B>): StripesMixer {
  const fixed = { type: "stripes" };
  const defaults = { ...PLAIN, width: WIDTH };
  const mixer = declare({ what: "stripes", schema: StripesMixer, fixed, defaults, options });
  if (options.branch === undefined) mixer.branch = mixer.width;
  checkMixer(mixer);
  return noteCall("stripes", freeze(mixer));
}
