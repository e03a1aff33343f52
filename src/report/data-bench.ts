import type { DataBench, Rates } from "../ir/data-bench.js";
import { figure } from "./figures.js";
import { type Column, plainTable } from "./table.js";

const RATES = (what: string): readonly Column[] => [
  [`${what} images/s`, "right"],
  ["min–max", "right"],
];
const COLUMNS: readonly Column[] = [
  ["workers", "right"],
  ...RATES("fovea"),
  ...RATES("torchvision"),
  ["fovea / it", "right"],
  ...RATES("bytes only"),
];

/** Throughput of data for the terminal. */
export function dataBenchText(bench: DataBench): string {
  const { type, images, size, batch, batches, rounds, open, cores, device_name } = bench;
  const sides = size === null ? "" : ` of ${sidesOf(size)} pixels`;
  const rows = bench.rows.map(({ workers, ours, peer, to_peer, floor }) => [
    String(workers),
    ...cells(ours),
    ...cells(peer),
    to_peer === null ? "–" : to_peer.toFixed(2),
    ...cells(floor),
  ]);
  const bytes = bench.bytes_per_image;
  return [
    `${type}: ${figure(images)} training images${bytes === null ? "" : `, ${figure(bytes / 1024)} KiB each`}; batches of ${batch} images${sides}; ${cores} cores (${device_name})`,
    `opened in ${seconds(open.first)}, with the index that is kept ${seconds(open.kept)}${open.peer === null ? "" : `; torchvision ${seconds(open.peer)}`}`,
    plainTable(COLUMNS, rows),
    ...bench.problems,
    `Medians over ${rounds} rounds of ${batches} batches in which all take turns, with the spread. \`torchvision\`: ImageFolder and DataLoader with the same transform; the ratio is the median of paired rounds. \`bytes only\`: the files are read and thrown away; after the first round they may come from the system's memory.`,
  ].join("\n");
}

function sidesOf(size: number | readonly number[]): string {
  return (typeof size === "number" ? [size, size] : size).join("×");
}

function cells(rates: Rates | null): readonly string[] {
  if (rates === null) return ["–", "–"];
  return [figure(rates.median), `${figure(rates.min)}–${figure(rates.max)}`];
}

function seconds(value: number): string {
  return value < 1 ? `${figure(1000 * value)} ms` : `${figure(value)} s`;
}
