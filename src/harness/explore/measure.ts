import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stageShapes } from "../../analyse/shapes.js";
import { writeFiles } from "../../disk/write-files.js";
import { emitKernel } from "../../emit/kernel.js";
import { kernelCommand } from "../../emit/kernel-command.js";
import type { Bench, BenchShape, Direction } from "../../ir/bench.js";
import type { MeasuredSize } from "../../ir/exploration.js";
import type { GridPair, Size, SizeLike } from "../../ir/grid.js";
import { kernelName } from "../../plan/kernel-name.js";
import { planMixer } from "../../plan/network-mixer.js";
import { type BenchRequest, benchKernels, type Measured } from "../bench-kernels.js";
import { sizeKey } from "./explore.js";
import type { Variant } from "./variants.js";

/** What the stages of an exploration convolve with, and on what. */
interface Work {
  /** Images. */
  readonly batch: number;
  /** Image size in pixels; the networks' own where it is not given. */
  readonly size?: SizeLike | undefined;
}

/** One large kernel of a stage with the maps that it meets there. */
interface Call {
  readonly pair: GridPair;
  /** Calls in one pass of the stage: of all its blocks. */
  readonly count: number;
  readonly channels: number;
  readonly map: Size;
}

/**
 * Times the large kernels of variants, each distinct one once, in one process and behind the
 * correctness gate. Their files are in a folder that is gone afterwards.
 *
 * @param request - as of `fovea bench`; shapes follow from the variants
 */
export async function measureVariants(
  variants: readonly Variant[],
  work: Work,
  request: Omit<BenchRequest, "shapes" | "alone">,
): Promise<Measured> {
  const calls = variants.flatMap((variant) => callsOf(variant, work));
  const maps = new Map<string, { readonly pair: GridPair; readonly maps: Map<string, Size> }>();
  for (const { pair, map } of calls) {
    const name = kernelName(pair);
    const known = maps.get(name) ?? { pair, maps: new Map<string, Size>() };
    known.maps.set(String(map), map);
    maps.set(name, known);
  }
  const folder = mkdtempSync(join(tmpdir(), "fovea-explore-"));
  try {
    const files = [...maps.values()].map(({ pair, maps: met }) => {
      const planned = [...met.values()];
      return emitKernel({ pair, maps: planned }, { command: kernelCommand(pair, planned) });
    });
    writeFiles(folder, files);
    const shapes = new Set(calls.map((call) => `${kernelName(call.pair)}=${shapeOf(call, work)}`));
    return await benchKernels(
      files.map(({ path }) => join(folder, path)),
      { ...request, shapes: [...shapes], alone: true },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a benchmark says of each variant, by {@link sizeKey}: a stage's calls added up. */
export function measuredSizes(
  variants: readonly Variant[],
  work: Work,
  bench: Bench,
): ReadonlyMap<string, MeasuredSize> {
  return new Map(variants.map((variant) => [sizeKey(variant), ofVariant(variant, work, bench)]));
}

function ofVariant(variant: Variant, work: Work, bench: Bench): MeasuredSize {
  const calls = callsOf(variant, work).map((call) => ({ call, found: find(call, work, bench) }));
  const time = (direction: Direction): number | null =>
    calls.reduce<number | null>((sum, { call, found }) => {
      const median = auto(found)?.[direction]?.median;
      return sum === null || median === undefined ? null : sum + 1000 * call.count * median;
    }, 0);
  const peaks = calls.flatMap(({ found }) => auto(found)?.peak_memory ?? []);
  return {
    forward: time("forward"),
    training: time("forward_backward"),
    peakMemory: peaks.length === 0 ? null : Math.max(...peaks),
    failures: calls.flatMap(({ call, found }) =>
      found === undefined
        ? [`${kernelName(call.pair)} was not measured on ${shapeOf(call, work)}`]
        : (auto(found)?.failures ?? []),
    ),
  };
}

function find(call: Call, work: Work, bench: Bench): BenchShape | undefined {
  return bench.kernels
    .find(({ kernel }) => kernel === kernelName(call.pair))
    ?.shapes.find(({ shape }) => shape.join() === shapeOf(call, work));
}

const auto = (found: BenchShape | undefined) =>
  found?.candidates.find(({ name }) => name === "auto");

/** N, C, H, W. */
function shapeOf({ channels, map }: Call, { batch }: Work): string {
  return [batch, channels, ...map].join();
}

/** The large kernels of a variant's stage as it is trained; stripes of one shape are one kernel. */
function callsOf({ network, stage }: Variant, { size }: Work): readonly Call[] {
  const shape = stageShapes(network, size)[stage];
  if (shape === undefined) throw new TypeError(`${network.name} has no stage ${stage}`);
  const { depth, convolved, map } = shape;
  return planMixer(shape).kernels.map((pair) => ({ pair, count: depth, channels: convolved, map }));
}
