import { basename } from "node:path";
import type { ErfReport } from "../../harness/receptive-fields.js";
import { printable } from "../../ir/printable.js";
import { grouped, percent } from "../../report/quantity.js";
import { type Column, plainTable } from "../../report/table.js";

const THRESHOLDS = ["20", "30", "50", "99"] as const;

const COLUMNS: readonly Column[] = [
  ["", "left"],
  ["weights", "left"],
  ...THRESHOLDS.map((each) => [`r(${each}%)`, "right"] as const),
  ["sides in pixels", "right"],
  ...THRESHOLDS.map((each) => [`log r(${each}%)`, "right"] as const),
];

/**
 * A row a network, and what was measured on.
 *
 * @param wanted - number of images that were asked for
 */
export function erfText(report: ErfReport, wanted: number): string {
  const { models, source, files } = report;
  const rows = models.map((model) => [
    model.name,
    weights(model),
    ...THRESHOLDS.map((each) => share(model.ratios?.[each])),
    model.sides === null ? "–" : THRESHOLDS.map((each) => model.sides?.[each] ?? "–").join(" "),
    ...THRESHOLDS.map((each) => share(model.log_ratios?.[each])),
  ]);
  return [
    plainTable(COLUMNS, rows),
    "",
    "r(t): area of the smallest centred square that holds more than t of the contributions, over the image's;",
    "log r(t): the same of log10(1 + contribution), as RepLKNet's script computes it.",
    imagesLine(report, wanted),
    ...(source.folder === null ? [NO_FOLDER] : []),
    ...(models.some((model) => model.weights === null) ? [UNTRAINED] : []),
    ...models.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${printable(note)}`)),
    ...[...models.flatMap((model) => model.files), ...files].map((file) => `wrote ${file}`),
  ].join("\n");
}

const NO_FOLDER =
  "The images are crops of scikit-learn's two photographs; published figures take 50 of ImageNet's: --images DIR.";
const UNTRAINED =
  "Untrained blocks add next to nothing where they have a layer scale: name weights, or a run.";

function imagesLine({ models, source }: ErfReport, wanted: number): string {
  const size = models[0]?.size ?? 0;
  const from = source.folder === null ? "" : ` of ${source.folder}`;
  const few = source.images < wanted ? ` (${grouped(wanted)} were asked for)` : "";
  const count = source.images === 1 ? "1 image" : `${grouped(source.images)} images`;
  return `${count}${from} at ${size}×${size}${few}.`;
}

function weights({ weights: file, average, step }: ErfReport["models"][number]): string {
  if (file === null) return "untrained";
  const parts = [basename(file), step === null ? "" : `step ${grouped(step)}`];
  return [...parts, average ? "moving average" : ""].filter(Boolean).join(", ");
}

function share(ratio: number | undefined): string {
  return ratio === undefined ? "–" : percent(ratio);
}
