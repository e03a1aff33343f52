import { kernelSize } from "../analyse/grid.js";
import { reach } from "../analyse/reach.js";
import { type StageShape, stageShapes } from "../analyse/shapes.js";
import type { GridPair, Network, SizeLike } from "../ir/index.js";
import { toSize } from "../ir/index.js";
import type { LayerPlan, NetworkLayerPlan, PlanDtype, PlanTarget } from "../ir/layer-plan.js";
import { planForCpu } from "./cost/cpu-plan.js";
import { DEVICES } from "./cost/devices.js";
import { planForGpu } from "./cost/gpu-plan.js";
import type { MethodPlan } from "./cost/method-plan.js";
import { floorBytes, outputs, type Problem } from "./cost/problem.js";
import { isPlanned } from "./cost/weight-gradient.js";
import { kernelName } from "./kernel-name.js";
import { planMixer } from "./network-mixer.js";

/** What layers are planned for. */
export interface LayerOptions {
  readonly target: PlanTarget;
  readonly dtype: PlanDtype;
  readonly batch: number;
  /** Image size in pixels; by default the network's own, which its package is emitted for. */
  readonly size?: SizeLike | undefined;
}

/**
 * How every large-kernel convolution of a network is computed, a row for each distinct kernel of a
 * stage, and what the cost model puts it at. Parallel branches are ordinary convolutions and left
 * out.
 *
 * @throws FoveaError where a map would be empty or no channel is convolved
 */
export function planLayers(network: Network, options: LayerOptions): NetworkLayerPlan {
  const size = toSize(options.size ?? network.input.size);
  const layers = planStages(network, options);
  const total = (mode: "forward" | "training"): number =>
    layers
      .filter(({ form }) => form === "trained")
      .reduce((sum, row) => sum + row.layers.length * row.predicted[mode].microseconds, 0);
  const { target, dtype, batch } = options;
  return {
    name: network.name,
    input: { channels: network.input.channels, size },
    target,
    device: targetName(target),
    dtype,
    batch,
    layers,
    total: { forward: total("forward"), training: total("training") },
  };
}

/**
 * The rows of {@link planLayers} for one stage alone, from 0.
 *
 * @throws FoveaError where a map would be empty or no channel is convolved
 */
export function planStage(
  network: Network,
  stage: number,
  options: LayerOptions,
): readonly LayerPlan[] {
  return planStages(network, options, ({ index }) => index === stage);
}

function planStages(
  network: Network,
  options: LayerOptions,
  isWanted: (stage: StageShape) => boolean = () => true,
): readonly LayerPlan[] {
  const emitted = new Set(
    stageShapes(network).flatMap((stage) =>
      stageKernels(stage).map(({ pair }) => `${kernelName(pair)} ${stage.map}`),
    ),
  );
  return stageShapes(network, options.size)
    .filter(isWanted)
    .flatMap((stage) =>
      stageKernels(stage).map((kernel) => planLayer(stage, kernel, options, emitted)),
    );
}

/** The device that predictions for a target are for, in words. */
export function targetName(target: PlanTarget): string {
  return target === "cpu" ? "one core" : DEVICES[target].name;
}

interface StageKernel {
  readonly pair: GridPair;
  readonly form: LayerPlan["form"];
  readonly leaves: readonly string[];
}

/** The kernels of a stage's mixer; stripes of one shape are one kernel. */
function stageKernels(stage: StageShape): StageKernel[] {
  const { kernels, dense } = planMixer(stage);
  const leaves = kernels.length === 1 ? ["large"] : ["tall", "wide"];
  const trained = new Map<string, StageKernel>();
  for (const [index, pair] of kernels.entries()) {
    const before = trained.get(kernelName(pair))?.leaves ?? [];
    const leaf = leaves[index] ?? "";
    trained.set(kernelName(pair), { pair, form: "trained", leaves: [...before, leaf] });
  }
  const fused =
    dense === false ? [] : [{ pair: dense, form: "fused" as const, leaves: leaves.slice(0, 1) }];
  return [...trained.values(), ...fused];
}

function planLayer(
  stage: StageShape,
  { pair, form, leaves }: StageKernel,
  { target, dtype, batch }: LayerOptions,
  emitted: ReadonlySet<string>,
): LayerPlan {
  const { map, channels, convolved } = stage;
  const problem: Problem = {
    pair,
    map,
    batch,
    channels: convolved,
    dtype: dtype === "fp32" ? "float" : "half",
  };
  const found = target === "cpu" ? planForCpu(problem) : planForGpu(problem, target);
  const { computed, moved, floorSeconds, ...planned } = found;
  const [rows, columns] = [reach(pair.rows, map[0]), reach(pair.columns, map[1])];
  const [tall, wide] = kernelSize(pair);
  const blocks = Array.from({ length: stage.depth }, (_, block) => block);
  return {
    stage: stage.index,
    form,
    layers: blocks.flatMap((block) =>
      leaves.map((leaf) => `stages.${stage.index}.blocks.${block}.mixer.${leaf}`),
    ),
    kernel: kernelName(pair),
    map,
    channels,
    convolved,
    batch,
    dtype,
    target,
    ...planned,
    note:
      target === "cpu" || emitted.has(`${kernelName(pair)} ${map}`)
        ? found.note
        : notes(found, problem),
    cells_in_reach: [rows.cells.length, columns.cells.length],
    reach: {
      rows: { first: rows.start, cells: rows.cells },
      columns: { first: columns.start, cells: columns.cells },
    },
    flop: { computed, dense: 2 * tall * wide },
    bytes: { moved, floor: floorBytes(problem) / outputs(problem) },
    floor_microseconds: 1e6 * floorSeconds,
    scratch_bytes: Object.values(planned.scratch).reduce((sum, bytes) => sum + bytes, 0),
  };
}

/**
 * A package holds kernels for the maps of its own image size. Where none is for this one, the
 * general kernels run, but that a `direct` convolution suits every map.
 */
function notes({ method, note }: MethodPlan, problem: Problem): string | null {
  const isConvolved = method === "direct" || method === "general";
  if (isConvolved && !isPlanned(problem)) return note;
  const kernel = `the general kernel${isConvolved ? " of the weight's gradient" : ""}`;
  const other = `a package emitted for the network's own image size runs ${kernel} on ${problem.map.join("×")} maps`;
  return note === null ? other : `${note}; ${other}`;
}
