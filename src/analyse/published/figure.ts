import type { Size } from "../../ir/index.js";

/** A published figure of a network, beside what fovea counts. */
export interface PublishedFigure {
  /** As the publication calls the network. */
  readonly network: string;
  readonly quantity: "params" | "macs" | "top1";
  /** As printed, such as `29 M`; a count to the last parameter in digits alone. */
  readonly printed: string;
  /** Parameters, multiply-adds of one image, or percent. */
  readonly value: number;
  /** The same quantity by fovea's count; null for what is measured and not counted. */
  readonly ours: number | null;
  /** What `ours` counts, in words. */
  readonly counted: string | null;
  /** `ours` over `value`, less one, in percent. */
  readonly difference: number | null;
  /** `[height, width]` of the images in pixels; null for parameters, which depend on none. */
  readonly size: Size | null;
  readonly note: string | null;
  readonly source: string;
}
