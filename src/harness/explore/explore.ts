import { account, type Card } from "../../analyse/account.js";
import { exactSidesAround } from "../../analyse/exact-fill.js";
import { FoveaError } from "../../ir/error.js";
import type {
  Exploration,
  ExploredSize,
  ExploredStage,
  MeasuredSize,
} from "../../ir/exploration.js";
import type { LayerPlan } from "../../ir/layer-plan.js";
import { LIMITS } from "../../ir/limits.js";
import type { Network } from "../../ir/network.js";
import { type LayerOptions, planStage, targetName } from "../../plan/layers.js";
import { type Objective, paretoSet } from "./pareto-set.js";
import { type Sides, stageVariants, type Variant } from "./variants.js";

/** What is explored, and what times are predicted for. */
export interface ExploreOptions extends LayerOptions, Sides {
  /** From 0; every stage where it is not given. */
  readonly stage?: number | undefined;
}

const FIXED =
  "an explicit grid has the sides that its cells sum to: write peripheral(), dense() or stripes() in its place to explore sizes";

/**
 * What each kernel size of a stage costs, the other stages as declared. Nothing is trained, emitted
 * or measured.
 *
 * @throws FoveaError FOV0040 for too many sizes, FOV0021 where a map would be empty, FOV0022 where
 *   a count passes 2⁵³
 */
export function exploreNetwork(network: Network, options: ExploreOptions): Exploration {
  refuseTooMany(network, options);
  const { stage: only, target, dtype, batch } = options;
  const card = count(network, options);
  const stages = card.stages
    .filter(({ index }) => only === undefined || index === only)
    .map(({ index, mixer, depth, channels, convolved, map }): ExploredStage => {
      const { variants, leftOut } = stageVariants(network, index, options);
      return withPareto({
        stage: index,
        mixer,
        depth,
        channels,
        convolved,
        map: [...map],
        fixed: mixer === "grid" ? FIXED : null,
        sizes: variants.map((variant) => exploredSize(variant, card, options)),
        leftOut: [...leftOut],
      });
    });
  return {
    name: network.name,
    input: { channels: network.input.channels, size: [...card.input.size] },
    target,
    device: targetName(target),
    dtype,
    batch,
    measuredOn: null,
    ...countsOf(card),
    stages,
  };
}

/** The same with measured times, by {@link sizeKey}; the Pareto set is then by those. */
export function withMeasured(
  exploration: Exploration,
  measured: ReadonlyMap<string, MeasuredSize>,
  measuredOn: Exploration["measuredOn"],
): Exploration {
  const stages = exploration.stages.map((stage) => {
    const sizes = stage.sizes.map((size) => ({
      ...size,
      measured: measured.get(sizeKey({ ...size, stage: stage.stage })) ?? null,
    }));
    return withPareto({ ...stage, sizes });
  });
  return { ...exploration, measuredOn, stages };
}

/** Tells the sizes of an exploration apart. */
export function sizeKey({ stage, kernel, centre }: Pick<Variant, "stage" | "kernel" | "centre">) {
  return `${stage} ${kernel.join("x")} ${centre}`;
}

/** @throws FoveaError FOV0040 */
function refuseTooMany(network: Network, { stage, kernels, centres }: ExploreOptions): void {
  const stages = stage === undefined ? network.mixers.length : 1;
  const all = stages * kernels.length * Math.max(1, centres.length);
  if (all <= LIMITS.exploredSizes) return;
  throw new FoveaError({
    code: "FOV0040",
    message: `${kernels.length} kernels and ${Math.max(1, centres.length)} centres of ${stages} stages are ${all} sizes`,
    path: "--kernels",
    value: all,
    allowed: `at most ${LIMITS.exploredSizes}`,
    fix: "write a larger step such as 31..151/8, fewer centres, or one stage with --stage",
  });
}

function count(network: Network, { size }: LayerOptions): Card {
  return account(network, size === undefined ? {} : { size });
}

function countsOf({ params, macs }: Card): Pick<Exploration, "params" | "macs"> {
  const { dense, nonzero, embedding } = params;
  return {
    params: { dense, nonzero, embedding },
    macs: { dense: macs.dense, nonzero: macs.nonzero },
  };
}

function exploredSize(variant: Variant, declared: Card, options: ExploreOptions): ExploredSize {
  const { network, stage, kernel, centre } = variant;
  const card = count(network, options);
  const part = card.stages[stage];
  if (part === undefined) throw new TypeError(`${network.name} has no stage ${stage}`);
  const nearestExact = nearestSides(variant);
  return {
    kernel: [...kernel],
    centre,
    declared: variant.declared,
    cells: part.grid.map(({ rows, columns }) => [rows.length, columns.length]),
    exact: centre === null ? null : nearestExact.length === 0,
    nearestExact,
    reach: [...part.reach],
    ...countsOf(card),
    difference: {
      params: card.params.dense - declared.params.dense,
      macs: card.macs.dense - declared.macs.dense,
    },
    ...predictedOf(planStage(network, stage, options).filter(({ form }) => form === "trained")),
    measured: null,
    pareto: false,
  };
}

/** Sides around those of the kernel that leave no remainder; none where it leaves none itself. */
function nearestSides({ network, stage, kernel }: Variant): number[] {
  const mixer = network.mixers[stage];
  if (mixer?.type !== "peripheral") return [];
  const sides = new Set(kernel.flatMap((side) => exactSidesAround(side, mixer)));
  return [...sides].sort((a, b) => a - b);
}

type Predicted = Pick<ExploredSize, "methods" | "trainingMethods" | "predicted">;

/** Sums of the calls of all blocks. */
function predictedOf(rows: readonly LayerPlan[]): Predicted {
  const sum = (time: (row: LayerPlan) => number): number =>
    rows.reduce((total, row) => total + row.layers.length * time(row), 0);
  const gradient = (of: "input_gradient" | "weight_gradient"): number | null =>
    rows.some(({ predicted }) => predicted[of] === null)
      ? null
      : sum(({ predicted }) => predicted[of]?.microseconds ?? 0);
  return {
    methods: [...new Set(rows.map(({ method }) => method))],
    trainingMethods: [...new Set(rows.map(({ training_method }) => training_method))],
    predicted: {
      forward: sum(({ predicted }) => predicted.forward.microseconds),
      inputGradient: gradient("input_gradient"),
      weightGradient: gradient("weight_gradient"),
      training: sum(({ predicted }) => predicted.training.microseconds),
      scratchBytes: Math.max(0, ...rows.map(({ scratch_bytes }) => scratch_bytes)),
    },
  };
}

/**
 * More taps on the map, a wider centre (PeLK, table 6: 80.8 to 81.6 from 1 to 5), less time of
 * forward with both gradients, fewer parameters beside the embedding. Taps that only see padding
 * count for nothing; the embedding grows with the area, and is a bias once it is merged.
 */
const OBJECTIVES: readonly Objective<ExploredSize>[] = [
  { better: "higher", of: ({ reach }) => reach[0] * reach[1] },
  { better: "higher", of: ({ centre }) => centre ?? 0 },
  {
    better: "lower",
    of: ({ measured, predicted }) => (measured === null ? predicted.training : measured.training),
  },
  { better: "lower", of: ({ params }) => params.dense - params.embedding },
];

function withPareto(stage: ExploredStage): ExploredStage {
  const kept = paretoSet(stage.sizes, OBJECTIVES, ({ params }) => params.embedding);
  return { ...stage, sizes: stage.sizes.map((size) => ({ ...size, pareto: kept.has(size) })) };
}
