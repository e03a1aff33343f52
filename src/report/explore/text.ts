import type { Exploration, ExploredSize, ExploredStage, LeftOut } from "../../ir/exploration.js";
import { memory, time } from "../layer-plan.js";
import { grouped, inUnits } from "../quantity.js";
import { type Column, plainTable } from "../table.js";
import { type Marked, terminalPlot } from "./terminal-plot.js";
import { centreName, centresOf, remarks, sides, trainingTime } from "./values.js";

const BOLD = "\u001b[1m";
const PLAIN = "\u001b[0m";

/**
 * An exploration for the terminal: a table and a plot a stage, sizes of the Pareto set marked.
 *
 * @param options - `color`: whether those sizes are bold, too
 */
export function renderExploration(
  exploration: Exploration,
  options: { readonly color: boolean },
): string {
  const { name, input, batch, dtype, target, device, measuredOn, params, macs } = exploration;
  const shape = [batch, input.channels, ...input.size].join("×");
  return [
    `${name}  input ${shape}  ${dtype}  ${target} (${device})`,
    `as declared ${grouped(params.dense)} parameters, ${grouped(params.embedding)} of them embedding, and ${inUnits(macs.dense)} multiply-adds`,
    "times are of all large kernels of a stage, predicted by a cost model",
    ...(measuredOn === null
      ? []
      : [`measured on ${measuredOn.name}, ${measuredOn.dtype}: medians, and memory at the peak`]),
    "* nothing else has more taps on the map, a wider centre, less time with gradients and fewer parameters beside the embedding",
    ...exploration.stages.map((stage) => `\n${renderStage(stage, measuredOn !== null, options)}`),
  ].join("\n");
}

function renderStage(
  stage: ExploredStage,
  isMeasured: boolean,
  options: { readonly color: boolean },
): string {
  const { mixer, depth, convolved, channels, map, fixed, sizes } = stage;
  const share = convolved === channels ? grouped(channels) : `${convolved} of ${channels}`;
  const title = `stages.${stage.stage}  ${mixer}, ${depth} ${depth === 1 ? "block" : "blocks"}, ${share} channels on ${map.join("×")}`;
  if (fixed !== null) return `${title}\n${fixed}`;
  const columns = isMeasured ? [...COLUMNS, ...MEASURED_COLUMNS] : COLUMNS;
  const rows = sizes.map((size) => [
    ...row(size),
    ...(isMeasured ? measuredRow(size) : []),
    remarks(size).join(", "),
  ]);
  const [head = "", ...lines] = plainTable([...columns, ["", "left"]], rows).split("\n");
  const shown = lines.map((line, index) =>
    options.color && sizes[index]?.pareto === true ? `${BOLD}${line}${PLAIN}` : line,
  );
  return [title, head, ...shown, ...leftOutLines(stage.leftOut), "", plot(stage)].join("\n");
}

const COLUMNS: readonly Column[] = [
  ["", "left"],
  ["kernel", "right"],
  ["centre", "right"],
  ["cells", "right"],
  ["parameters", "right"],
  ["", "right"],
  ["MACs", "right"],
  ["", "right"],
  ["forward", "right"],
  ["with gradients", "right"],
  ["scratch", "right"],
  ["method", "left"],
];

function row(size: ExploredSize): string[] {
  const { params, macs, difference, predicted, methods, trainingMethods } = size;
  const [method, training] = [methods.join("+"), trainingMethods.join("+")];
  return [
    size.pareto ? "*" : "",
    sides(size.kernel),
    size.centre === null ? "-" : String(size.centre),
    size.cells.map(sides).join(", "),
    grouped(params.dense),
    signed(difference.params, grouped),
    inUnits(macs.dense),
    signed(difference.macs, inUnits),
    time(predicted.forward),
    time(predicted.training),
    memory(predicted.scratchBytes),
    method === training ? method : `${method} / ${training}`,
  ];
}

const MEASURED_COLUMNS: readonly Column[] = [
  ["measured", "right"],
  ["with gradients", "right"],
  ["memory", "right"],
];

function measuredRow({ measured }: ExploredSize): string[] {
  const shown = <T>(value: T | null | undefined, write: (known: T) => string): string =>
    value === null || value === undefined ? "-" : write(value);
  return [
    shown(measured?.forward, time),
    shown(measured?.training, time),
    shown(measured?.peakMemory, memory),
  ];
}

function signed(difference: number, write: (count: number) => string): string {
  if (difference === 0) return "";
  return `${difference < 0 ? "−" : "+"}${write(Math.abs(difference))}`;
}

function leftOutLines(leftOut: readonly LeftOut[]): string[] {
  return leftOut.map(
    ({ kernel, centre, reason }) =>
      `left out: ${kernel}${centre === null ? "" : ` with centre ${centre}`}, ${reason}`,
  );
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** Time with gradients over kernel sides, a letter a centre, capital in the Pareto set. */
function plot(stage: ExploredStage): string {
  const centres = centresOf(stage);
  const letter = (centre: number | null): string =>
    LETTERS[centres.indexOf(centre) % LETTERS.length] ?? "";
  // What is in the set is drawn last, and seen.
  const sizes = stage.sizes.toSorted((a, b) => Number(a.pareto) - Number(b.pareto));
  const points = sizes.flatMap((size): Marked[] => {
    const y = trainingTime(size);
    if (y === null) return [];
    const mark = letter(size.centre);
    const x = Math.max(...size.kernel);
    return [{ x, y, mark: size.pareto ? mark.toUpperCase() : mark }];
  });
  if (points.length === 0) return "no size has a time";
  const legend = centres.map((centre) => `${letter(centre)} ${centreName(centre)}`).join(", ");
  return `time with gradients over the kernel's side: ${legend}; capital where marked *\n${terminalPlot(points, time)}`;
}
