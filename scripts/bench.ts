import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { measureEvents } from "./bench-events.js";
import { measureProject } from "./bench-generate.js";
import { measureReport } from "./bench-report.js";
import { measureRetarget } from "./bench-retarget.js";
import { measureWatch } from "./bench-watch.js";

/** One figure: seconds a repetition, the goal it is held against, and what it is compared with. */
export interface Figure {
  readonly name: string;
  readonly seconds: readonly number[];
  readonly goal: number;
  readonly note?: string;
}

const ROUNDS = 7;
const fovea = fileURLToPath(new URL("../bin/fovea.js", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "fovea-bench-"));
let fresh = 0;

/** Whole commands, each in a new process; `node -e 0` is the floor that they stand on. */
const COMMANDS = [
  { name: "node -e 0 (floor)", goal: Number.NaN, words: () => ["-e", "0"] },
  { name: "fovea --help", goal: 0.25, words: () => [fovea, "--help"] },
  {
    name: "fovea grid --kernel 51 --centre 5",
    goal: Number.NaN,
    words: () => [fovea, "grid", "--kernel", "51", "--centre", "5"],
  },
  { name: "fovea inspect pelk_base", goal: 0.5, words: () => [fovea, "inspect", "pelk_base"] },
  {
    name: "fovea generate pelk_base, cold",
    goal: 1.5,
    words: () => [fovea, "generate", "pelk_base", "--out", join(scratch, String(fresh++))],
  },
];

function measureCommands(): Figure[] {
  const times = COMMANDS.map(() => [] as number[]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { name, words }] of COMMANDS.entries()) {
      const from = performance.now();
      const { status, stderr } = spawnSync(process.execPath, words(), { encoding: "utf8" });
      if (status !== 0) throw new Error(`${name} failed:\n${stderr}`);
      times[index]?.push((performance.now() - from) / 1000);
    }
  }
  return COMMANDS.map(({ name, goal }, index) => ({ name, goal, seconds: times[index] ?? [] }));
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};

try {
  const figures = [
    ...measureCommands(),
    ...measureProject(fovea, scratch),
    ...measureRetarget(fovea, scratch),
    await measureWatch(fovea, scratch),
    ...(await measureEvents(scratch)),
    ...measureReport(fovea, scratch),
  ];
  console.log(`node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "CPU"}\n`);
  console.log("| what | median s | min–max | goal s | |\n|---|---|---|---|---|");
  for (const { name, seconds, goal, note } of figures) {
    const range = `${Math.min(...seconds).toFixed(3)}–${Math.max(...seconds).toFixed(3)}`;
    const limit = Number.isNaN(goal) ? "–" : `${goal}`;
    console.log(
      `| ${name} | ${median(seconds).toFixed(3)} | ${range} | ${limit} | ${note ?? ""} |`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
