import type { Size } from "./grid.js";

/** What a layer can be planned for: a CPU, or a GPU by its CUDA architecture. */
export const PLAN_TARGETS = ["cpu", "sm_80", "sm_90", "sm_100", "sm_120"] as const;
export type PlanTarget = (typeof PLAN_TARGETS)[number];

/** Types of `x` and of its weight. */
export const PLAN_DTYPES = ["fp32", "bf16", "fp16"] as const;
export type PlanDtype = (typeof PLAN_DTYPES)[number];

/** A time by the cost model, never a measurement. */
export interface Prediction {
  readonly microseconds: number;
  /** What takes most of it, such as `memory`. */
  readonly limit: string;
}

/** What a method would take by the same model, in microseconds. */
export interface PlanCandidate {
  readonly method: string;
  readonly forward: number;
  readonly input_gradient: number | null;
  readonly weight_gradient: number | null;
  /** Forward and both gradients. */
  readonly training: number;
}

/** The part of one axis of a grid that can meet data. */
interface PlannedAxis {
  /** Index of the first cell that is kept: each keeps its weight, however many taps are cut. */
  readonly first: number;
  /** Taps of each kept cell. */
  readonly cells: readonly number[];
}

/** How one kernel of a stage is computed, and what that is predicted to take. */
export interface LayerPlan {
  readonly stage: number;
  /** `fused` are kernels that only `model.fuse()` puts in place. */
  readonly form: "trained" | "fused";
  /** Names of the convolutions in the emitted module, block by block. */
  readonly layers: readonly string[];
  /** Module of the package's `kernels/`. */
  readonly kernel: string;
  /** Feature map in pixels. */
  readonly map: Size;
  /** Channels of the stage, and those that are convolved. */
  readonly channels: number;
  readonly convolved: number;
  readonly batch: number;
  readonly dtype: PlanDtype;
  readonly target: PlanTarget;
  /** For the convolution alone, and where gradients follow. */
  readonly method: string;
  readonly training_method: string;
  readonly reason: string;
  /** What is worth knowing of the choice. */
  readonly note: string | null;
  /** Tiles, warps and stages by the names of `_LAUNCHES` in the kernel file. */
  readonly constants: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Cells that can meet data, `[rows, columns]`. */
  readonly cells_in_reach: Size;
  readonly reach: { readonly rows: PlannedAxis; readonly columns: PlannedAxis };
  /** FLOP an output of the convolution: as computed, with tiles filled up, and `2 · k_h · k_w`. */
  readonly flop: { readonly computed: number; readonly dense: number };
  /** Bytes an output of the convolution: moved to and from memory, and `x` read and `y` written. */
  readonly bytes: { readonly moved: number; readonly floor: number };
  /** Time of the floor's bytes at the target's copying speed. */
  readonly floor_microseconds: number;
  /** Memory beside `x`, weight, `y` and the gradients, in bytes, by what it holds. */
  readonly scratch: Readonly<Record<string, number>>;
  readonly scratch_bytes: number;
  /** One call; the gradients are `null` where only their sum with the convolution is known. */
  readonly predicted: {
    readonly forward: Prediction;
    readonly input_gradient: Prediction | null;
    readonly weight_gradient: Prediction | null;
    readonly training: Prediction;
  };
  readonly candidates: readonly PlanCandidate[];
}

/** The document of `fovea plan`. */
export interface NetworkLayerPlan {
  readonly name: string;
  readonly input: { readonly channels: number; readonly size: Size };
  readonly target: PlanTarget;
  /** The device that the predictions are for, in words. */
  readonly device: string;
  readonly dtype: PlanDtype;
  readonly batch: number;
  readonly layers: readonly LayerPlan[];
  /** Predicted microseconds of all large kernels in their trained form, every block counted. */
  readonly total: { readonly forward: number; readonly training: number };
}
