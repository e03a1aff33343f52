import type { GridPair, Size } from "../../ir/index.js";
import { kernelName } from "../kernel-name.js";
import { type ChainedPlan, planChained } from "./chained.js";
import { type DirectTap, directTaps } from "./direct.js";
import { type LaunchText, launchTexts } from "./launches.js";
import { chooseMethod, fitsTile, type TritonMethod } from "./method.js";
import { type PlanesPlan, planPlanes } from "./planes.js";
import { planTile, type TilePlan } from "./tile.js";
import type { TunedTable } from "./tuned.js";
import { type TunedText, tunedFor, tunedText } from "./tuned-table.js";

/** What the Triton part of a kernel file is printed from; text is Python. */
export interface TritonPlan {
  /** Items of `MAPS` and of `_PLANS`. */
  readonly maps: string;
  readonly plans: string;
  /** Kernels beside the general ones; false where no map takes them. */
  readonly direct: readonly DirectTap[] | false;
  readonly gemm: boolean;
  /** Whether Toeplitz matrices are written first. */
  readonly toeplitz: boolean;
  readonly chained: readonly ChainedPlan[];
  readonly planes: readonly PlanesPlan[];
  /** Maps whose weight gradient has a kernel of its own: those that fit a tile. */
  readonly gradients: readonly TilePlan[];
  readonly launches: readonly LaunchText[];
  readonly tuned: readonly TunedText[];
}

/**
 * Plans the Triton kernels of a pair of grids for the map sizes given.
 *
 * @throws FoveaError FOV0040 where a tuned entry for them has launches that they do not have
 */
export function planTriton(
  pair: GridPair,
  maps: readonly Size[],
  tuned: TunedTable = [],
): TritonPlan {
  const plans = maps.map((map) => ({
    map,
    half: chooseMethod(pair, map, "half").method,
    float: chooseMethod(pair, map, "float").method,
  }));
  const direct = chooseMethod(pair, [1, 1], "half").method === "direct";
  const mapsOf = (method: TritonMethod): Size[] =>
    plans.filter(({ half, float }) => half === method || float === method).map(({ map }) => map);
  const chained = mapsOf("chained").map((map) => planChained(pair, map));
  const planes = mapsOf("planes").map((map) => planPlanes(pair, map));
  const gemm = mapsOf("gemm").length > 0;
  const gradients = maps.filter(fitsTile).map(planTile);
  const launches = launchTexts({
    direct,
    gemm,
    chained: chained.length > 0,
    planes: planes.length > 0,
    gradients: gradients.length > 0,
  });
  const names = launches.map(({ name }) => name);
  return {
    maps: maps.length === 0 ? "()" : `(${maps.map((map) => `${tuple(map)},`).join(" ")})`,
    plans: plans.map(({ map, half, float }) => `${tuple(map)}: ("${half}", "${float}")`).join(", "),
    direct: direct && directTaps(pair),
    gemm,
    toeplitz: chained.length > 0 || planes.length > 0,
    chained,
    planes,
    gradients,
    launches,
    tuned: tunedFor(tuned, pair, maps).map((entry) => tunedText(entry, names, kernelName(pair))),
  };
}

const tuple = ([height, width]: Size): string => `(${height}, ${width})`;
