/**
 * `npx jiti scripts/bench-sweep.ts [RUNS] [KILLS]`: a sweep of no-op runs on two slots, whose
 * coordinator is killed at random. Says whether anything was lost or run twice, what a run costs
 * beside its training, and how much memory the coordinator holds.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const FOVEA = fileURLToPath(new URL("../bin/fovea.js", import.meta.url));
const FAKE = fileURLToPath(new URL("../test/support/fake-python.mjs", import.meta.url));
const SLOTS = 2;

const runs = Number(process.argv[2] ?? 1000);
const kills = Number(process.argv[3] ?? 10);

const folder = mkdtempSync(join(tmpdir(), "fovea-bench-sweep-"));
const home = join(folder, "home");
const file = join(folder, "noop.sweep.ts");
writeFileSync(
  file,
  `import { classifier, digits, experiment, network, peripheral, stem, sweep } from "fovea";
const net = network("noop", { input: { channels: 1, size: 16 }, stem: stem.patchify({ stride: 4 }), depths: [1], widths: [8], mixers: [peripheral({ kernel: 5, centre: 3 })], head: classifier(10) });
const base = experiment({ name: "noop", network: net, task: "classification", data: digits({ train: 64, test: 16 }), recipe: { steps: 4, batch: 8 }, seed: 0 });
export default sweep({ base, over: {}, seeds: Array.from({ length: ${runs} }, (_, seed) => seed) });
`,
);
const calls = join(folder, "calls");
writeFileSync(calls, "");
const env = {
  ...process.env,
  FOVEA_HOME: home,
  FOVEA_CACHE: join(folder, "cache"),
  FOVEA_PYTHON: FAKE,
  FAKE_CALLS: calls,
};

const from = performance.now();
let peak = 0;
let coordinators = 0;
/** Completed runs after which each kill happens: at random places of the sweep. */
const marks = Array.from({ length: kills }, () => Math.floor(Math.random() * runs * 0.95)).sort(
  (a, b) => a - b,
);
let last = { code: -1 as number | null, stdout: "" };
for (;;) {
  coordinators += 1;
  const mark = marks.shift();
  const { code, stdout } = await coordinate(mark);
  last = { code, stdout };
  if (mark === undefined) break;
}
const seconds = (performance.now() - from) / 1000;
report();
rmSync(folder, { recursive: true, force: true });

/** One coordinator, killed a random while after so many runs are there; `undefined` lets it end. */
async function coordinate(
  mark: number | undefined,
): Promise<{ code: number | null; stdout: string }> {
  const words = [FOVEA, "sweep", file, "--slots", String(SLOTS), "--json"];
  const child = spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", "ignore"] });
  let stdout = "";
  let over = false;
  child.stdout.on("data", (text: Buffer) => {
    stdout += text.toString();
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", (code) => {
      over = true;
      resolve(code);
    });
  });
  while (!over) {
    peak = Math.max(peak, residentOf(child.pid ?? 0));
    if (mark !== undefined && folders() >= mark) {
      await sleep(Math.random() * 1000);
      child.kill("SIGKILL");
      break;
    }
    await sleep(100);
  }
  return { code: await ended, stdout };
}

function folders(): number {
  try {
    return readdirSync(join(home, "runs")).length;
  } catch {
    return 0;
  }
}

/** Bytes in memory, the most so far as the kernel keeps it. */
function residentOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function report(): void {
  const rows = (JSON.parse(last.stdout) as { runs: { hash: string; status: string }[] }).runs;
  const lost = rows.filter(({ status }) => status !== "completed").length;
  const all = readdirSync(join(home, "runs"));
  // A kill between making a folder and writing its record leaves a folder that is no run.
  const ids = all.filter((id) => existsSync(join(home, "runs", id, "run.json")));
  const events = ids.map((id) => eventsOf(join(home, "runs", id)));
  const completions = events.map(
    (each) =>
      each.filter(({ type, status }) => type === "run_end" && status === "completed").length,
  );
  const twice = completions.filter((count) => count > 1).length + ids.length - rows.length;
  const trainings = readFileSync(calls, "utf8").match(/fovea_runtime\.train"/g)?.length ?? 0;
  // What a slot does between the end of one run and the start of the next.
  const starts = events.flatMap(
    (each) => each.find(({ type }) => type === "run_start")?.time ?? [],
  );
  const worked = events.map((each) => (each.at(-1)?.time ?? 0) - (each[0]?.time ?? 0));
  const gaps = gapsOf(events);
  const each = (SLOTS * seconds) / rows.length;
  const figures = {
    versions: { node: process.versions.node },
    machine: `${availableParallelism()} × ${cpus()[0]?.model.trim()}`,
    runs: rows.length,
    coordinators,
    exit: last.code,
    lost,
    twice,
    foldersWithoutRecord: all.length - ids.length,
    trainings,
    seconds: round(seconds),
    secondsOfASlotPerRun: round(each),
    medianTraining: round(median(worked)),
    medianGapBetweenRuns: round(median(gaps)),
    peakMegabytes: Math.round(peak / 2 ** 20),
    started: starts.length,
  };
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  if (lost > 0 || twice > 0 || last.code !== 0) process.exitCode = 1;
}

interface Line {
  readonly type: string;
  readonly time: number;
  readonly status?: string;
}

function eventsOf(directory: string): readonly Line[] {
  return readFileSync(join(directory, "events.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

/** Seconds from the end of a run to the first event of the one that takes its slot. */
function gapsOf(events: readonly (readonly Line[])[]): readonly number[] {
  const spans = events
    .map((each) => ({ from: each[0]?.time ?? 0, to: each.at(-1)?.time ?? 0 }))
    .sort((a, b) => a.from - b.from);
  const free: number[] = [];
  return spans.flatMap(({ from: begun, to }) => {
    const before = free.length < SLOTS ? undefined : free.sort((a, b) => a - b).shift();
    free.push(to);
    return before === undefined ? [] : [Math.max(0, begun - before)];
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(1000 * value) / 1000;
}
