import { closeSync, openSync, writeSync } from "node:fs";
import { eventsFile, scanEvents } from "../src/runs/scan-events.js";
import type { Figure } from "./bench.js";

const EVENTS = 1_000_000;
const ROUNDS = 3;
const MEGABYTE = 2 ** 20;

/** Seconds for reading a run of a million steps, and by how much the process grows meanwhile. */
export function measureEvents(scratch: string): readonly Figure[] {
  const bytes = writeSteps(scratch);
  const rounds = Array.from({ length: ROUNDS }, () => readAll(scratch));
  const grown = Math.max(...rounds.map(({ grown }) => grown));
  const note = `${(bytes / MEGABYTE).toFixed(0)} MiB; the process grows by ${grown.toFixed(0)} MiB at most`;
  return [
    { name: "reading 10⁶ events", seconds: rounds.map(({ seconds }) => seconds), goal: 5, note },
  ];
}

function readAll(directory: string): { readonly seconds: number; readonly grown: number } {
  const before = process.memoryUsage.rss();
  let peak = before;
  let events = 0;
  const from = performance.now();
  scanEvents(directory, {
    event: () => {
      events += 1;
      if (events % 10_000 === 0) peak = Math.max(peak, process.memoryUsage.rss());
    },
  });
  const seconds = (performance.now() - from) / 1000;
  if (events !== EVENTS) throw new Error(`${events} of ${EVENTS} events were read`);
  return { seconds, grown: (peak - before) / MEGABYTE };
}

/** As training logs them: every number with all its digits. */
function writeSteps(directory: string): number {
  const file = openSync(eventsFile(directory), "w");
  let bytes = 0;
  for (let from = 0; from < EVENTS; from += 10_000) {
    const lines = Array.from({ length: 10_000 }, (_, index) => stepLine(from + index));
    bytes += writeSync(file, lines.join(""));
  }
  closeSync(file);
  return bytes;
}

function stepLine(seq: number): string {
  const event = {
    v: 1,
    seq,
    time: 1_700_000_000.123456 + seq,
    type: "step",
    step: seq + 1,
    epoch: seq / 31.25,
    loss: 2.345678901234567 / (seq + 1),
    lr: 0.0012345678901234,
    images_per_second: 412.1234567,
    grad_norm: 1.2345678901234567,
  };
  return `${JSON.stringify(event)}\n`;
}
