import { join } from "node:path";
import type { Bench } from "../ir/bench.js";
import { makeFolder } from "../runs/make-folder.js";
import { diskFailure, writeAtomically } from "../runs/write-atomically.js";
import { benchChart } from "./bench-chart.js";
import { benchMarkdown } from "./bench-text.js";

/**
 * Makes the folder for a bench. Called before anything is measured: minutes would be lost.
 *
 * @throws FoveaError FOV0051
 */
export function makeBenchFolder(out: string): void {
  try {
    makeFolder(out);
  } catch (error) {
    throw diskFailure(out, error, "name another folder with --out");
  }
}

/**
 * Writes `bench.json`, `bench.md` and `bench.svg`.
 *
 * @returns the files that were written
 * @throws FoveaError FOV0051
 */
export function writeBench(bench: Bench, out: string): readonly string[] {
  // What was measured first: it took minutes, and is there whatever becomes of the rest.
  const files = [
    ["bench.json", () => `${JSON.stringify(bench, null, 2)}\n`],
    ["bench.md", () => benchMarkdown(bench)],
    ["bench.svg", () => benchChart(bench)],
  ] as const;
  return files.map(([name, text]) => {
    const path = join(out, name);
    writeAtomically(path, text());
    return path;
  });
}
