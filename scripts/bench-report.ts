import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { demo } from "../src/dsl/zoo/demo.js";
import type { Experiment } from "../src/ir/experiment.js";
import { type EventBody, ended, evaluated, start, step, writeRun } from "../test/support/runs.js";
import type { Figure } from "./bench.js";

const RUNS = 100;
const SEEDS = 4;
/** Steps that a run logs: of most of them, and of every tenth. */
const STEPS = 300;
const LONG_STEPS = 100_000;
const EVALS = 30;
const ROUNDS = 5;
const MEGABYTE = 1e6;

/** Seconds for the report of a hundred runs, the first time and with their index there, and its size. */
export function measureReport(fovea: string, scratch: string): readonly Figure[] {
  const home = join(scratch, "report-home");
  const out = join(scratch, "report");
  for (let index = 0; index < RUNS; index += 1) writeRun(home, syntheticRun(index));
  const report = (): number => {
    const from = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [fovea, "report", "--out", out], {
      encoding: "utf8",
      env: { ...process.env, FOVEA_HOME: home },
    });
    if (status !== 0) throw new Error(`fovea report failed:\n${stderr}`);
    return (performance.now() - from) / 1000;
  };
  const first = report();
  const seconds = Array.from({ length: ROUNDS }, report);
  const size = statSync(join(out, "index.html")).size / MEGABYTE;
  const note = `index.html ${size.toFixed(2)} MB, goal 5`;
  return [
    { name: `fovea report, ${RUNS} runs, without an index`, seconds: [first], goal: 5, note },
    { name: `fovea report, ${RUNS} runs`, seconds, goal: 5, note },
  ];
}

/** A run of a sweep over learning rates and kernels with every number at its full length. */
function syntheticRun(index: number): { experiment: Experiment; events: EventBody[] } {
  const experiment = structuredClone(demo());
  const point = Math.floor(index / SEEDS);
  experiment.seed = index % SEEDS;
  experiment.recipe.lr = 0.0005 * (1 + (point % 5));
  const [mixer] = "mixers" in experiment.network ? experiment.network.mixers : [];
  if (mixer !== undefined && "kernel" in mixer) mixer.kernel = 15 + 4 * Math.floor(point / 5);
  const steps = index % 10 === 0 ? LONG_STEPS : STEPS;
  const events: EventBody[] = [start()];
  for (let n = 1; n <= steps; n += 1) {
    events.push(step(n, 2.3 / (1 + (20 * n) / steps) + 0.05 * Math.sin(n * (index + 1))));
    if (n % (steps / EVALS) === 0) {
      const top1 = 95 - 60 / (1 + (10 * n) / steps) + Math.sin(index * 7.3);
      events.push(
        evaluated(n, { top1, top5: 99 + top1 / 1000, loss: 2.3 / (1 + (20 * n) / steps) }),
      );
    }
  }
  return { experiment, events: [...events, ended()] };
}
