import type { PlanTarget } from "../../ir/layer-plan.js";

/** What a GPU can do in a second. */
export interface Device {
  readonly name: string;
  readonly multiprocessors: number;
  /** FLOP a second of large products, by the class of the type. */
  readonly matrix: { readonly half: number; readonly float: number };
  /** Instructions a second, one for each lane. */
  readonly operations: number;
  /** Bytes a second that leave the L2 cache. */
  readonly cache: number;
  /** Bytes a second of a copy, reading and writing both counted. */
  readonly memory: number;
}

export type GpuTarget = Exclude<PlanTarget, "cpu">;

/** Peaks of a datasheet. */
interface Datasheet {
  readonly name: string;
  readonly multiprocessors: number;
  /** Boost clock in Hz. */
  readonly clock: number;
  /** FLOP a second: half types with float32 sums, not sparse; and float32. */
  readonly half: number;
  readonly float: number;
  /** Bytes a second of the device's memory. */
  readonly memory: number;
}

/**
 * Shares of the peaks that are reached. Of half products and copies they are those measured on an
 * H200 elsewhere (790 of 989 TFLOP/s, 4.3 of 4.8 TB/s); the others are assumptions. float32
 * products run on the ordinary lanes, which wait for their operands every other time.
 */
const REACHED = { half: 0.8, float: 0.5, cache: 0.6, memory: 0.9 } as const;

/** Instructions that a multiprocessor starts in a clock: four schedulers, 32 lanes each. */
const LANES = 128;
/** Bytes of the L2 cache in a clock: A100 and H100 by NVIDIA's papers; assumed of the others. */
const CACHE_BYTES = 5120;

function device({ name, multiprocessors, clock, half, float, memory }: Datasheet): Device {
  return {
    name,
    multiprocessors,
    matrix: { half: REACHED.half * half, float: REACHED.float * float },
    operations: multiprocessors * LANES * clock,
    cache: REACHED.cache * CACHE_BYTES * clock,
    memory: REACHED.memory * memory,
  };
}

/**
 * One GPU an architecture, by NVIDIA's datasheets; nothing here was measured by this project.
 * sm_80: A100 40 GB SXM; sm_90: H200 SXM (an H100 differs in memory alone: 3.35 TB/s);
 * sm_100: HGX B200, whose clock is that of float32's peak; sm_120: GeForce RTX 5090.
 */
export const DEVICES: Readonly<Record<GpuTarget, Device>> = {
  sm_80: device({
    name: "A100 40 GB",
    multiprocessors: 108,
    clock: 1.41e9,
    half: 312e12,
    float: 19.5e12,
    memory: 1.555e12,
  }),
  sm_90: device({
    name: "H200",
    multiprocessors: 132,
    clock: 1.755e9,
    half: 989e12,
    float: 66.9e12,
    memory: 4.8e12,
  }),
  sm_100: device({
    name: "B200",
    multiprocessors: 148,
    clock: 1.98e9,
    half: 2250e12,
    float: 75e12,
    memory: 7.7e12,
  }),
  sm_120: device({
    name: "GeForce RTX 5090",
    multiprocessors: 170,
    clock: 2.407e9,
    half: 209.5e12,
    float: 104.8e12,
    memory: 1.792e12,
  }),
};

/** Seconds from one launch to the next where nothing else holds it up; an assumption. */
export const LAUNCH_SECONDS = 3e-6;
