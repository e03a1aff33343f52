import type { LayerPlan } from "../../ir/layer-plan.js";

/** What a target makes of one convolution. */
export interface MethodPlan
  extends Pick<
    LayerPlan,
    | "method"
    | "training_method"
    | "reason"
    | "note"
    | "constants"
    | "scratch"
    | "predicted"
    | "candidates"
  > {
  /** FLOP, and bytes moved, an output of the convolution. */
  readonly computed: number;
  readonly moved: number;
  /** Time of reading `x` and writing `y` once. */
  readonly floorSeconds: number;
}
