import { join } from "node:path";
import { diskError } from "../disk/disk-error.js";
import { makeFolder } from "../disk/make-folder.js";
import { writeAtomically } from "../disk/write-atomically.js";
import type { Bench } from "../ir/bench.js";
import { benchChart } from "./bench-chart.js";
import { benchMarkdown } from "./bench-text.js";

const OUT_FIX = "make room, or name another folder with --out";

/**
 * Makes the folder for a bench. Called before anything is measured: minutes would be lost.
 *
 * @throws FoveaError FOV0051
 */
export function makeBenchFolder(out: string): void {
  try {
    makeFolder(out);
  } catch (error) {
    throw diskError(error, out, OUT_FIX);
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
    writeAtomically(path, text(), OUT_FIX);
    return path;
  });
}
