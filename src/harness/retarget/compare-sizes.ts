import { account } from "../../analyse/account.js";
import type { Card, CardStage } from "../../analyse/card.js";
import { exactSidesAround } from "../../analyse/exact-fill.js";
import { toSize } from "../../ir/grid.js";
import type { NetworkLayerPlan } from "../../ir/layer-plan.js";
import type { Network } from "../../ir/network.js";
import type { SizeComparison } from "../../ir/retarget.js";
import { type LayerOptions, planLayers } from "../../plan/layers.js";

/** Checks that sizes decide; the others say nothing about a change of them. */
const OF_SIZES = new Set([
  "branch-breaks-sharing",
  "branch-fills-kernel",
  "stripes-not-oblong",
  "embedding-without-effect",
  "thin-outer-cell",
  "nothing-shared",
  "base-without-effect",
  "kernel-beyond-map",
  "embedding-beyond-map",
  "pixels-dropped",
]);

/** What a network costs before and after a change of its sizes; times are the cost model's. */
export function compareSizes(
  before: Network,
  after: Network,
  options: Omit<LayerOptions, "size">,
): SizeComparison {
  const [old, now] = [account(before), account(after)];
  const [oldPlan, nowPlan] = [planLayers(before, options), planLayers(after, options)];
  const pair = (of: (card: Card) => number) => ({ before: of(old), after: of(now) });
  const stages = old.stages.flatMap((stage, index) => {
    const other = now.stages[index];
    if (other === undefined) return [];
    const changed = JSON.stringify(stage.grid) !== JSON.stringify(other.grid);
    const sides = { before: sideOf(stage, oldPlan), after: sideOf(other, nowPlan) };
    return [{ stage: index, changed, ...sides }];
  });
  const { target, dtype, batch } = options;
  return {
    target,
    dtype,
    batch,
    params: pair(({ params }) => params.dense),
    nonzero: pair(({ params }) => params.nonzero),
    merged: pair(({ params }) => params.merged),
    macs: pair(({ macs }) => macs.dense),
    predictedMicroseconds: { before: oldPlan.total.forward, after: nowPlan.total.forward },
    stages,
    warnings: [...checksOf(now), ...remaindersOf(before, after)],
  };
}

function sideOf(stage: CardStage, plan: NetworkLayerPlan): SizeComparison["stages"][0]["before"] {
  const rows = plan.layers.filter((row) => row.stage === stage.index && row.form === "trained");
  return {
    mixer: stage.mixer,
    kernel: [...stage.kernel],
    grids: stage.grid.map(({ rows, columns }) => ({ rows: [...rows], columns: [...columns] })),
    params: stage.params.dense,
    macs: stage.macs.dense,
    methods: [...new Set(rows.map(({ method }) => method))],
    predictedMicroseconds: rows.reduce(
      (sum, row) => sum + row.layers.length * row.predicted.forward.microseconds,
      0,
    ),
  };
}

function checksOf({ checks }: Card): SizeComparison["warnings"] {
  return checks
    .filter(({ id }) => OF_SIZES.has(id))
    .map(({ path, message }) => ({ path, message }));
}

/** Kernels that were changed and leave a remainder, with sizes nearby that leave none. */
function remaindersOf(before: Network, after: Network): SizeComparison["warnings"] {
  return after.mixers.flatMap((mixer, stage) => {
    if (mixer.type !== "peripheral") return [];
    if (JSON.stringify(mixer) === JSON.stringify(before.mixers[stage])) return [];
    const [height, width] = toSize(mixer.kernel);
    return [...new Set([height, width])].flatMap((side) => {
      const exact = exactSidesAround(side, mixer);
      const [below, above] = exact;
      // The narrowest remainder is told by a check of its own.
      if (below === undefined || side - below === 2) return [];
      const cell = (side - below) / 2;
      const taps = above === undefined ? `${below} fills` : `${below} and ${above} fill`;
      const message = `a side of ${side} leaves an outermost cell of ${cell} taps: ${taps} exactly`;
      return [{ path: `mixers[${stage}].kernel`, message }];
    });
  });
}
