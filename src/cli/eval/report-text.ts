import { basename } from "node:path";
import type { EvalReport } from "../../harness/evaluate-network.js";
import type { Data } from "../../ir/data.js";
import { printable } from "../../ir/printable.js";
import { duration, figure, metricFigure } from "../../report/figures.js";
import { grouped } from "../../report/quantity.js";
import { type Column, plainTable } from "../../report/table.js";

/** Classes that are shown where not all are wanted. */
const WORST = 5;

/** The document of `fovea eval`. */
export type EvalDocument = Omit<EvalReport, "passed"> & {
  readonly target: string;
  readonly data: Data;
};

/** Figures, classes and times for the terminal. */
export function evalText(document: EvalDocument, all: boolean): string {
  const { metrics, notes, throughput } = document;
  const lines = [
    `${document.network}: ${weightsLine(document)}`,
    `  ${dataLine(document)}`,
    ...notes.map((note) => `  ${printable(note)}`),
    "",
    plainTable(METRICS, [
      [metrics.top1, metrics.top5, metrics.loss].map((value) => metricFigure(value)),
    ]),
    "",
    classTable(document.classes, all),
  ];
  if (throughput.length > 0) lines.push("", speedTable(document));
  return lines.join("\n");
}

const METRICS: readonly Column[] = [
  ["top-1", "right"],
  ["top-5", "right"],
  ["loss", "right"],
];

function weightsLine({ checkpoint, fused, target }: EvalDocument): string {
  const { file, step, average } = checkpoint;
  const parts = [
    file.endsWith(target) ? target : `${target}, ${basename(file)}`,
    ...(step === null ? [] : [`step ${grouped(step)}`]),
    ...(average ? ["moving average"] : []),
    ...(fused ? ["fused"] : []),
  ];
  return parts.join(", ");
}

function dataLine(document: EvalDocument): string {
  const { data, images, size, batch, amp, device, device_name, seconds } = document;
  const on = data.type === "digits" ? "scenes of digits" : `images of ${place(data)}`;
  return (
    `${grouped(images)} ${on} at ${size.join("×")}, batch ${batch}, ${amp === "off" ? "fp32" : amp}, ` +
    `${device} (${device_name}), ${duration(seconds)}`
  );
}

function place(data: Data): string {
  if (data.type === "image_folder") return `${data.root}/${data.validation}`;
  return data.type === "webdataset" ? data.validation : data.type;
}

function classTable(classes: EvalReport["classes"], all: boolean): string {
  const seen = classes.filter(({ images }) => images > 0);
  const worst = [...seen].sort((a, b) => (a.top1 ?? 0) - (b.top1 ?? 0) || a.class - b.class);
  const shown = all ? classes : worst.slice(0, WORST);
  const named = shown.some(({ name }) => name !== undefined);
  const columns: readonly Column[] = [
    ["class", "right"],
    ...(named ? [["", "left"] as const] : []),
    ["images", "right"],
    ["top-1", "right"],
  ];
  const rows = shown.map(({ class: index, name, images, top1 }) => [
    `${index}`,
    ...(named ? [printable(name ?? "")] : []),
    grouped(images),
    top1 === null ? "–" : top1.toFixed(2),
  ]);
  const hidden = classes.length - shown.length;
  const more =
    hidden > 0 ? [`the worst ${shown.length} of ${classes.length}; --per-class shows all`] : [];
  return [plainTable(columns, rows), ...more].join("\n");
}

const SPEED: readonly Column[] = [
  ["batch", "right"],
  ["", "left"],
  ["images/s", "right"],
  ["slowest–fastest", "right"],
  ["ms a batch", "right"],
];

function speedTable({ throughput, device, threads }: EvalDocument): string {
  const rows = throughput.map(
    ({ batch, amp, images_per_second, slowest, fastest, milliseconds }) => [
      grouped(batch),
      amp === "off" ? "fp32" : amp,
      images_per_second === null ? "out of memory" : figure(images_per_second),
      images_per_second === null ? "–" : `${figure(slowest)}–${figure(fastest)}`,
      figure(milliseconds?.median),
    ],
  );
  const on = device === "cpu" ? `cpu, ${threads} threads` : device;
  return [
    plainTable(SPEED, rows),
    `Inference on ${on}: medians over rounds after a warm-up, images on the device already.`,
  ].join("\n");
}
