import type { LayerPlan, NetworkLayerPlan, Prediction } from "../ir/layer-plan.js";
import { cellsInWords } from "./cells-in-words.js";
import { grouped } from "./quantity.js";
import { type Column, plainTable } from "./table.js";

/** Three digits, in `us` or from 10,000 on in `ms`. */
export function time(microseconds: number): string {
  const isLong = microseconds >= 10_000;
  const value = isLong ? microseconds / 1000 : microseconds;
  return `${value < 100 ? value.toPrecision(3) : grouped(value)} ${isLong ? "ms" : "us"}`;
}

const predicted = (prediction: Prediction | null): string =>
  prediction === null ? "-" : `${time(prediction.microseconds)} ${prediction.limit}`;

/** In kilobytes or megabytes. */
export function memory(bytes: number): string {
  return bytes >= 1e5 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e3).toFixed(1)} kB`;
}

function methods({ method, training_method: training }: LayerPlan): string {
  return method === training ? method : `${method} / ${training}`;
}

const WORK_COLUMNS: readonly Column[] = [
  ["", "left"],
  ["layers", "right"],
  ["kernel", "left"],
  ["map", "right"],
  ["channels", "right"],
  ["method", "left"],
  ["cells", "right"],
  ["FLOP", "right"],
  ["dense", "right"],
  ["bytes", "right"],
  ["floor", "right"],
  ["scratch", "right"],
];

function workRow(row: LayerPlan): string[] {
  return [
    label(row),
    grouped(row.layers.length),
    row.kernel,
    row.map.join("×"),
    row.convolved === row.channels ? grouped(row.channels) : `${row.convolved} of ${row.channels}`,
    methods(row),
    row.cells_in_reach.join("×"),
    grouped(row.flop.computed),
    grouped(row.flop.dense),
    row.bytes.moved.toFixed(1),
    row.bytes.floor.toFixed(0),
    memory(row.scratch_bytes),
  ];
}

const label = ({ stage, form }: LayerPlan): string =>
  `stages.${stage}${form === "fused" ? " fused" : ""}`;

const TIME_COLUMNS: readonly Column[] = [
  ["", "left"],
  ["kernel", "left"],
  ["floor", "right"],
  ["forward", "right"],
  ["input gradient", "right"],
  ["weight gradient", "right"],
  ["all three", "right"],
];

function timeRow(row: LayerPlan): string[] {
  const { forward, input_gradient, weight_gradient, training } = row.predicted;
  return [
    label(row),
    row.kernel,
    time(row.floor_microseconds),
    ...[forward, input_gradient, weight_gradient, training].map(predicted),
  ];
}

/** Why, with what, and on which cells. */
function details(row: LayerPlan): string[] {
  const { rows, columns } = row.reach;
  const [tall, wide] = [cellsInWords(rows.cells), cellsInWords(columns.cells)];
  const constants = Object.entries(row.constants).map(([name, values]) => {
    const words = Object.entries(values).map(([key, value]) => `${key} ${value}`);
    return `  ${name}: ${words.join(", ")}`;
  });
  return [
    `${label(row)} ${row.kernel}, ${methods(row)}: ${row.reason}`,
    `  cells that reach: ${tall === wide ? tall : `${tall} | ${wide}`}`,
    ...constants,
    ...(row.note === null ? [] : [`  note: ${row.note}`]),
  ];
}

/**
 * The kernel plan for the terminal: work and bytes of each kernel an output, predicted times of one
 * layer, then reasons, cells and constants.
 */
export function renderLayerPlan(plan: NetworkLayerPlan): string {
  const { channels, size } = plan.input;
  const { forward, training } = plan.total;
  return [
    `${plan.name}  input ${plan.batch}×${channels}×${size.join("×")}  ${plan.dtype}  ${plan.target} (${plan.device})`,
    "",
    "FLOP and bytes an output of the convolution, as computed with tiles filled up; dense: 2 a tap",
    plainTable(WORK_COLUMNS, plan.layers.map(workRow)),
    "",
    "predicted time of one layer, and what limits it; nothing here is measured",
    plainTable(TIME_COLUMNS, plan.layers.map(timeRow)),
    `all layers: ${time(forward)} forward, ${time(training)} with both gradients`,
    "",
    ...plan.layers.flatMap(details),
  ].join("\n");
}
