import type { Prediction } from "../../ir/layer-plan.js";
import type { LaunchName } from "../triton/launches.js";
import type { DtypeClass } from "../triton/method.js";
import { type Device, LAUNCH_SECONDS } from "./devices.js";

/** What one launch does, all programs together. */
export interface Launch {
  /** As `_LAUNCHES` calls it; `torch` is an operator of PyTorch's. */
  readonly kernel: LaunchName | "torch";
  readonly programs: number;
  /** FLOP of products by `tl.dot`, of whole tiles. */
  readonly matrix: number;
  /** FLOP outside of products that belong to the convolution: additions of boxes, single taps. */
  readonly sums: number;
  /** Instructions of ordinary lanes: the sums, and addresses, masks and loads one by one. */
  readonly operations: number;
  /** Bytes that programs fetch from the L2 cache; what one program fetches again counts once. */
  readonly cached: number;
  /** Bytes to and from the device's memory; what several programs fetch counts once. */
  readonly moved: number;
}

/** Time of launches one after the other. */
export interface Time {
  readonly seconds: number;
  /** Seconds for which each resource holds the launches up. */
  readonly held: Readonly<Record<Resource, number>>;
}

const RESOURCES = ["matrix", "arithmetic", "cache", "memory", "launch"] as const;
type Resource = (typeof RESOURCES)[number];

/**
 * Each launch takes as long as the resource that it keeps busy longest: what overlaps is taken to
 * overlap wholly. Fewer programs than multiprocessors leave the others idle.
 */
export function timeOf(launches: readonly Launch[], device: Device, dtype: DtypeClass): Time {
  const held = { matrix: 0, arithmetic: 0, cache: 0, memory: 0, launch: 0 };
  for (const launch of launches) {
    const busy = Math.min(1, launch.programs / device.multiprocessors);
    const seconds = {
      matrix: launch.matrix / (device.matrix[dtype] * busy),
      arithmetic: launch.operations / (device.operations * busy),
      cache: launch.cached / (device.cache * busy),
      memory: launch.moved / device.memory,
    };
    const longest = (["memory", "matrix", "arithmetic", "cache"] as const).reduce((a, b) =>
      seconds[b] > seconds[a] ? b : a,
    );
    held[longest] += seconds[longest];
    held.launch += LAUNCH_SECONDS;
  }
  return { seconds: RESOURCES.reduce((sum, each) => sum + held[each], 0), held };
}

/** Several times one after the other, as it is shown. */
export function prediction(...times: readonly Time[]): Prediction {
  const total = (resource: Resource): number =>
    times.reduce((sum, { held }) => sum + held[resource], 0);
  const limit = RESOURCES.reduce((a, b) => (total(b) > total(a) ? b : a));
  return { microseconds: 1e6 * times.reduce((sum, { seconds }) => sum + seconds, 0), limit };
}
