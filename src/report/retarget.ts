import type { GridPair } from "../ir/grid.js";
import type { SizeComparison } from "../ir/retarget.js";
import { drawBeside } from "./grid-terminal.js";
import { time } from "./layer-plan.js";
import { grouped, inUnits } from "./quantity.js";
import { type Column, plainTable } from "./table.js";

const COUNTS: readonly Column[] = [
  ["", "left"],
  ["before", "right"],
  ["after", "right"],
  ["difference", "right"],
  ["", "right"],
];

const STAGES: readonly Column[] = [
  ["", "left"],
  ["kernel", "left"],
  ["cells", "left"],
  ["method", "left"],
  ["params", "left"],
  ["predicted forward", "left"],
  ["", "right"],
];

type Pair = SizeComparison["params"];

/** The card of a change of sizes: counts, stages, grids side by side, what is worth knowing. */
export function renderComparison(
  comparison: SizeComparison,
  options: { readonly color: boolean },
): string {
  const { target, dtype, batch, predictedMicroseconds: predicted, warnings } = comparison;
  const count = (name: string, pair: Pair, show = grouped): string[] => [
    name,
    show(pair.before),
    show(pair.after),
    signed(pair.after - pair.before, show),
    share(pair),
  ];
  const rows = [
    count("parameters", comparison.params),
    count("nonzero", comparison.nonzero),
    count("merged", comparison.merged),
    count("MACs", comparison.macs, inUnits),
    count("predicted", predicted, time),
  ];
  return [
    plainTable(COUNTS, rows),
    `predicted: large kernels of ${batch} images in ${dtype} on ${target}, forward; predictions of the cost model`,
    "",
    plainTable(STAGES, comparison.stages.map(stageRow)),
    ...gridsOf(comparison).flatMap(([before, after, stages]) => [
      "",
      `${stages.map((stage) => `stages.${stage}`).join(", ")}`,
      drawBeside(before, after, options),
    ]),
    ...(warnings.length === 0 ? [] : ["", ...warnings.map(warning)]),
  ].join("\n");
}

function warning({ path, message }: SizeComparison["warnings"][number]): string {
  return `warning: ${path}: ${message}`;
}

function stageRow({ stage, before, after }: SizeComparison["stages"][number]): string[] {
  const pair = { before: before.predictedMicroseconds, after: after.predictedMicroseconds };
  return [
    `stages.${stage}`,
    change(before.kernel.join("×"), after.kernel.join("×")),
    change(cells(before), cells(after)),
    change(before.methods.join(", "), after.methods.join(", ")),
    change(grouped(before.params), grouped(after.params)),
    change(time(pair.before), time(pair.after)),
    share(pair),
  ];
}

function cells({ grids }: SizeComparison["stages"][number]["before"]): string {
  return grids.map(({ rows, columns }) => `${rows.length}×${columns.length}`).join(", ");
}

function change(before: string, after: string): string {
  return before === after ? before : `${before} → ${after}`;
}

function signed(difference: number, show: (value: number) => string): string {
  if (difference === 0) return "=";
  return `${difference < 0 ? "-" : "+"}${show(Math.abs(difference))}`;
}

/** `+3.1%`; nothing where it rounds to none. */
function share({ before, after }: Pair): string {
  const text = (100 * (after / before - 1)).toFixed(1);
  return Number(text) === 0 || before === 0 ? "" : `${after > before ? "+" : ""}${text}%`;
}

/** Each change of a grid once, with the stages that have it. */
function gridsOf({ stages }: SizeComparison): [GridPair, GridPair, number[]][] {
  const found = new Map<string, [GridPair, GridPair, number[]]>();
  for (const { stage, before, after } of stages) {
    for (const [index, pair] of before.grids.entries()) {
      const other = after.grids[index];
      const key = JSON.stringify([pair, other]);
      if (other === undefined || JSON.stringify(pair) === JSON.stringify(other)) continue;
      const known = found.get(key);
      if (known === undefined) found.set(key, [pair, other, [stage]]);
      else if (!known[2].includes(stage)) known[2].push(stage);
    }
  }
  return [...found.values()];
}
