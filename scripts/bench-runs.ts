import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { demo } from "../src/dsl/zoo/demo.js";
import type { Experiment } from "../src/ir/experiment.js";
import { contentHash } from "../src/ir/hash.js";
import { selectRuns } from "../src/runs/query/select-runs.js";
import { listRuns } from "../src/runs/run-index.js";

/**
 * Times the registry over 10,000 runs against its floor: naming their folders and looking at three
 * files of each, in the same process. `npx jiti scripts/bench-runs.ts`, after `npm run build`.
 */
const RUNS = 10_000;
const ROUNDS = 5;
const MEGABYTE = 2 ** 20;
const WHERE = "top1>80 && kernel=51 && recipe.lr<=0.003";
const FOVEA = fileURLToPath(new URL("../bin/fovea.js", import.meta.url));

const home = mkdtempSync(join(tmpdir(), "fovea-bench-"));
try {
  writeRuns(join(home, "runs"));
  await measure();
} finally {
  rmSync(home, { recursive: true, force: true });
}

function writeRuns(folder: string): void {
  const base = demo();
  for (let at = 0; at < RUNS; at += 1) {
    const mixers = base.network.mixers.map((mixer) => ({ ...mixer, kernel: 31 + 10 * (at % 4) }));
    const experiment = {
      ...base,
      network: { ...base.network, mixers },
      recipe: { ...base.recipe, lr: 0.001 * (1 + (at % 7)) },
      seed: at,
    } as Experiment;
    const hash = contentHash(experiment);
    const run = `demo-${hash.slice(0, 8)}-1`;
    mkdirSync(join(folder, run), { recursive: true });
    const record = {
      v: 1,
      run,
      hash,
      experiment,
      versions: { fovea: "0.1.0", node: "20.20.2", python: "3.11.7", torch: "2.15.0" },
      git: { commit: "0123456789abcdef", dirty: false },
      device: { requested: "cpu", host: "bench", cpus: 2, memory: 2 ** 33, gpus: [] },
      package: "package/pelk_digits",
      source: "demo",
    };
    const status = { status: "completed", reason: null, pid: null, started: null };
    const write = (name: string, text: string) => writeFileSync(join(folder, run, name), text);
    write("run.json", `${JSON.stringify(record, null, 2)}\n`);
    write("status.json", JSON.stringify({ ...status, launcher: "local", job: null }));
    write("events.jsonl", eventsOf(at));
  }
}

function eventsOf(at: number): string {
  const steps = Array.from({ length: 50 }, (_, step) => ({
    type: "step",
    step: step + 1,
    epoch: step / 50,
    loss: 2.345678901234567 / (step + 1),
    lr: 0.0012345678901234,
    images_per_second: 412.1234567,
    grad_norm: 1.2345678901234567,
  }));
  const metrics = { top1: 50 + (at % 50) + 1 / 3, top5: 90, loss: 1.5 };
  const bodies = [
    {
      type: "run_start",
      step: 0,
      steps: 50,
      epochs: 1,
      device: "cpu",
      versions: {},
      parameters: 1,
    },
    ...steps,
    { type: "eval", step: 50, epoch: 1, split: "test", metrics },
    { type: "run_end", status: "completed", reason: null },
  ];
  return bodies
    .map((body, seq) => `${JSON.stringify({ v: 1, seq, time: 1.7e9 + 60 * at + seq, ...body })}\n`)
    .join("");
}

async function measure(): Promise<void> {
  const figures: [string, number[]][] = [
    ["readdir and 3 stats a run (floor)", await timed(floor, ROUNDS)],
    ["list, cold index", await timed(listCold, ROUNDS)],
    ["list, warm", await timed(() => listRuns(home), ROUNDS)],
    [`select, warm: ${WHERE}`, await timed(() => selectRuns(home, WHERE), ROUNDS)],
    ["fovea runs list, warm", await timed(() => fovea(), ROUNDS)],
    ["fovea runs list --json, warm", await timed(() => fovea("--json"), ROUNDS)],
    [
      "fovea runs list --where … --sort … --columns …, warm",
      await timed(
        () => fovea("--where", WHERE, "--sort", "-top1,seed", "--columns", "run,top1,recipe.lr"),
        ROUNDS,
      ),
    ],
    ["fovea runs list --mean, warm", await timed(() => fovea("--mean"), ROUNDS)],
  ];
  const before = process.memoryUsage.rss();
  for (let round = 0; round < 20; round += 1) await selectRuns(home, WHERE);
  const grown = (process.memoryUsage.rss() - before) / MEGABYTE;
  for (const [name, seconds] of figures) {
    const sorted = [...seconds].sort((a, b) => a - b);
    const at = (place: number): string => (sorted[place] ?? Number.NaN).toFixed(3);
    console.log(`| ${name} | ${at(sorted.length >> 1)} | ${at(0)}–${at(sorted.length - 1)} |`);
  }
  console.log(`20 selections more let the process grow by ${grown.toFixed(0)} MiB`);
  console.log(
    `index.sqlite: ${(statSync(join(home, "index.sqlite")).size / MEGABYTE).toFixed(1)} MiB`,
  );
  console.log(
    `load: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(", ")}`,
  );
}

async function timed(action: () => unknown, rounds: number): Promise<number[]> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const from = performance.now();
    await action();
    seconds.push((performance.now() - from) / 1000);
  }
  return seconds;
}

function floor(): void {
  const runs = join(home, "runs");
  for (const run of readdirSync(runs)) {
    for (const name of ["run.json", "status.json", "events.jsonl"]) statSync(join(runs, run, name));
  }
}

async function listCold(): Promise<void> {
  for (const end of ["", "-wal", "-shm"]) rmSync(join(home, `index.sqlite${end}`), { force: true });
  await listRuns(home);
}

function fovea(...words: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [FOVEA, "runs", "list", ...words], {
    env: { ...process.env, FOVEA_HOME: home },
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
}
