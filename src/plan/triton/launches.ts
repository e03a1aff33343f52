import type { DtypeClass } from "./method.js";

/** Constants of a launch, such as `BLOCK` and `num_warps`. */
type Launch = Readonly<Record<string, number>>;

/** Constants of a launch as Python dictionaries. */
export interface LaunchText {
  readonly name: LaunchName;
  readonly half: string;
  readonly float: string;
}

/**
 * What launches take where nothing was tuned: tiles of 64 rows, which is what a warp group
 * multiplies at once on sm_90, and for float32 tiles of 32, whose products are made in registers.
 * `maxnreg` is set because ptxas otherwise keeps a register or two on the stack to reach the next
 * step of occupancy.
 */
export const LAUNCHES = {
  general: {
    half: { BLOCK: 64, num_warps: 8, num_stages: 2, maxnreg: 248 },
    float: { BLOCK: 32, num_warps: 4, num_stages: 2, maxnreg: 128 },
  },
  weight_gradient: {
    half: { BLOCK: 64, num_warps: 8, num_stages: 2, maxnreg: 248 },
    float: { BLOCK: 32, num_warps: 4, num_stages: 2, maxnreg: 128 },
  },
  planned_weight_gradient: {
    half: { num_warps: 4, num_stages: 2, maxnreg: 248 },
    float: { num_warps: 4, num_stages: 2, maxnreg: 248 },
  },
  direct: {
    half: { BLOCK: 1024, num_warps: 4, maxnreg: 128 },
    float: { BLOCK: 1024, num_warps: 4, maxnreg: 128 },
  },
  gemm: {
    half: { BLOCK_N: 64, BLOCK_K: 64, BLOCK_Q: 64, num_warps: 4, num_stages: 2, maxnreg: 224 },
    float: { BLOCK_N: 32, BLOCK_K: 16, BLOCK_Q: 32, num_warps: 4, num_stages: 2, maxnreg: 248 },
  },
  toeplitz: {
    half: { BLOCK: 32, num_warps: 4, maxnreg: 128 },
    float: { BLOCK: 32, num_warps: 4, maxnreg: 128 },
  },
  chained: {
    half: { num_warps: 4, num_stages: 2, maxnreg: 224 },
    float: { num_warps: 8, num_stages: 2, maxnreg: 248 },
  },
  boxes: {
    half: { BLOCK: 32, LANES: 64, num_warps: 4, maxnreg: 128 },
    float: { BLOCK: 32, LANES: 64, num_warps: 4, maxnreg: 128 },
  },
  planes: {
    half: { BLOCK_M: 64, BLOCK_K: 32, num_warps: 4, num_stages: 2, maxnreg: 224 },
    float: { BLOCK_M: 32, BLOCK_K: 32, num_warps: 4, num_stages: 2, maxnreg: 224 },
  },
  planes_gradient: {
    half: { BLOCK: 64, num_warps: 4, num_stages: 2, maxnreg: 224 },
    float: { BLOCK: 32, num_warps: 4, num_stages: 2, maxnreg: 224 },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<DtypeClass, Launch>>>>;

/** What `_LAUNCHES` of a kernel file calls a launch. */
export type LaunchName = keyof typeof LAUNCHES;

/** The constants that a launch has, in their order; undefined where no kernel has such a launch. */
export function launchConstants(name: string): readonly string[] | undefined {
  return isLaunchName(name) ? Object.keys(LAUNCHES[name].half) : undefined;
}

const isLaunchName = (name: string): name is LaunchName => Object.hasOwn(LAUNCHES, name);

/** Which kernels a file has beside the general ones. */
interface Kernels {
  readonly direct: boolean;
  readonly gemm: boolean;
  readonly chained: boolean;
  readonly planes: boolean;
  /** Whether some map has a weight gradient of its own. */
  readonly gradients: boolean;
}

/** The launches of a kernel file, in the order in which they are printed. */
export function launchTexts({ direct, gemm, chained, planes, gradients }: Kernels): LaunchText[] {
  const wanted: Readonly<Record<LaunchName, boolean>> = {
    general: true,
    weight_gradient: true,
    planned_weight_gradient: gradients,
    direct,
    gemm,
    toeplitz: chained || planes,
    chained,
    boxes: planes,
    planes,
    planes_gradient: planes,
  };
  const names = Object.keys(LAUNCHES) as LaunchName[];
  return names
    .filter((name) => wanted[name])
    .map((name) => ({
      name,
      half: JSON.stringify(LAUNCHES[name].half),
      float: JSON.stringify(LAUNCHES[name].float),
    }));
}
