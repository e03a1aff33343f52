import {
  type BenchCandidate,
  type BenchKernel,
  type BenchShape,
  type BenchTimes,
  DIRECTIONS,
  type Direction,
} from "../ir/bench.js";
import { figure } from "./figures.js";
import { percent } from "./quantity.js";
import type { Column } from "./table.js";

const NAMES: Readonly<Record<Direction, string>> = {
  forward: "forward",
  forward_backward: "forward+backward",
};

/** A direction as people write it. */
export function directionName(direction: Direction): string {
  return NAMES[direction];
}

export const BENCH_COLUMNS: readonly Column[] = [
  ["", "left"],
  ...DIRECTIONS.flatMap((direction): Column[] => [
    [`${NAMES[direction]} ms`, "right"],
    ["min–max", "right"],
    ["/ auto", "right"],
    ["floor", "right"],
    ["peak", "right"],
  ]),
  ["MiB", "right"],
];

/** The timed candidates, one row each, in the order that they were measured. */
export function benchRows({ candidates }: BenchShape): readonly (readonly string[])[] {
  return candidates
    .filter(isTimed)
    .map((candidate) => [
      candidate.kind === "own" ? candidate.name : `peer ${candidate.name}`,
      ...DIRECTIONS.flatMap((direction) => timeCells(candidate[direction])),
      candidate.peak_memory === null ? "–" : (candidate.peak_memory / 2 ** 20).toFixed(1),
    ]);
}

/** Kernel, shape and dtype in one line. */
export function benchTitle({ kernel }: BenchKernel, { shape, dtype }: BenchShape): string {
  return `${kernel} on ${shape.join("×")} ${dtype}`;
}

/** The machine that it was measured on, and what it can do at best. */
export function benchMachine({ device, device_name, threads, machine }: BenchKernel): string {
  const copies = `copies ${(machine.copy_bytes_per_second / 1e9).toFixed(1)} GB/s`;
  const speed = (machine.matrix_flops_per_second / 1e9).toFixed(0);
  const on = device === "cpu" ? `${device}, ${threads} threads` : device;
  return `${on} (${device_name}); ${copies}, ${machine.matrix_dtype} matrix products ${speed} GFLOP/s`;
}

/** What the table does not hold: the best peers, what auto took, and what has no times. */
export function benchRemarks(shape: BenchShape): readonly string[] {
  return [
    ...DIRECTIONS.flatMap((direction) => bestPeer(shape, direction)),
    ...methods(shape),
    ...shape.candidates.flatMap(({ name, skipped, failures }) => [
      ...(skipped === null ? [] : [`${name} is skipped: ${skipped}`]),
      ...failures.map((failure) => `${name} is wrong, and not timed there: ${failure}`),
    ]),
  ];
}

function isTimed(candidate: BenchCandidate): boolean {
  return DIRECTIONS.some((direction) => candidate[direction] !== null);
}

function timeCells(times: BenchTimes | null): readonly string[] {
  if (times === null) return ["–", "–", "–", "–", "–"];
  const { median, min, max, ratio, floor_share, matrix_share } = times;
  return [
    figure(median),
    `${figure(min)}–${figure(max)}`,
    ratio === null ? "–" : ratio.toFixed(2),
    percent(floor_share),
    percent(matrix_share),
  ];
}

function bestPeer({ best_peer, candidates }: BenchShape, direction: Direction): string[] {
  const best = best_peer[direction];
  const share = candidates.find(({ name }) => name === "auto")?.[direction]?.floor_share;
  if (best === null || share === undefined) return [];
  return [
    `${NAMES[direction]}: the best peer, ${best.name}, takes ${best.ratio.toFixed(2)} times as long as auto, which reaches ${percent(share)} of the memory floor's speed`,
  ];
}

function methods({ method }: BenchShape): string[] {
  if (method.forward === method.forward_backward) return [`auto takes ${method.forward}`];
  return DIRECTIONS.map((direction) => `${NAMES[direction]}: auto takes ${method[direction]}`);
}
