import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { Event } from "../../src/ir/event.js";
import { isAlive } from "../../src/launch/process-identity.js";
import { processesOf } from "../../src/launch/processes-of.js";
import { findPython } from "../../src/launch/python.js";
import { onlyRun, onlyStatus, startFovea, until } from "../support/harness.js";
import { temporaryFolder } from "../support/temporary.js";

const EXPERIMENT = `import { classifier, digits, experiment, network, dense, stem } from "fovea";
export default experiment({
  name: "small",
  network: network("small", {
    input: { channels: 1, size: 16 },
    stem: stem.patchify({ stride: 4 }),
    depths: [1],
    widths: [8],
    mixers: [dense({ kernel: 3 })],
    head: classifier(10),
  }),
  data: digits({ train: 64, test: 32 }),
  recipe: { steps: 12, batch: 16, logEvery: 1, evalEvery: 12, checkpointEvery: 2 },
});
`;

/** Python whose process of rank 1 raises in step 6: always, or in the first start only. */
const FALLS = `import os, runpy
from fovea_runtime.train.learner import Learner
step = Learner.step
def falls(self, pieces, number):
    first = os.environ["TORCHELASTIC_RESTART_COUNT"] == "0"
    if number == 6 and (first or os.environ["FALLS"] == "always"):
        raise RuntimeError("the sky fell")
    return step(self, pieces, number)
Learner.step = falls
runpy.run_module("fovea_runtime.train", run_name="__main__", alter_sys=True)
`;

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A folder with the experiment and its home, and a Python that falls where FALLS is set. */
function prepare(): { file: string; home: string } {
  const folder = temporaryFolder();
  const python = findPython(process.cwd(), {}).command;
  const home = join(folder, "home");
  const files = {
    "small.experiment.ts": EXPERIMENT,
    "falls.py": FALLS,
    python: `#!/bin/sh
if [ -n "$FALLS" ] && [ "$RANK" = 1 ] && [ "$2" = fovea_runtime.train ]; then
  shift 2
  exec ${python} ${join(folder, "falls.py")} "$@"
fi
exec ${python} "$@"
`,
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text, { mode: 0o755 });
  }
  for (const [name, value] of Object.entries({
    FOVEA_HOME: home,
    FOVEA_CACHE: join(folder, "cache"),
    FOVEA_PYTHON: join(folder, "python"),
  })) {
    vi.stubEnv(name, value);
  }
  return { file: join(folder, "small.experiment.ts"), home };
}

/** The steps with a loss, the last word of each. */
function steps(events: readonly Event[]): readonly number[] {
  const numbers = events.flatMap((event) => (event.type === "step" ? [event.step] : []));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

const TWO = ["--launcher", "torchrun", "--nproc", "2", "--device", "cpu", "--unverified"];
const ALL = Array.from({ length: 12 }, (_, index) => index + 1);

test("rank 1 raises: its error is the reason; a restart goes on from the last checkpoint", async () => {
  const { file, home } = prepare();
  vi.stubEnv("FALLS", "always");
  const first = await startFovea(["run", file, ...TWO]).ended;
  expect(first.code).toBe(1);
  const { id, directory, status, events } = onlyRun(home);
  const reason = "rank 1: RuntimeError: the sky fell (exit code 1)";
  expect(status).toMatchObject({ status: "failed", reason, launcher: "torchrun" });
  expect(events.at(-1)).toMatchObject({ type: "run_end", status: "failed", reason });
  expect(first.stderr).toContain("batch 16 = 2 processes × 1 piece × 8 images");
  expect(first.stderr).toContain("  RuntimeError: the sky fell");
  expect(first.stderr).not.toContain("ChildFailedError");
  expect(processesOf(directory).filter(isAlive)).toEqual([]);

  vi.stubEnv("FALLS", "first");
  const again = await startFovea([
    "run",
    "--resume",
    id,
    "--max-restarts",
    "1",
    "--unverified",
    "--json",
  ]).ended;
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ run: id, status: "completed" });
  expect(again.stderr).toContain(`warning: restart 1 of at most 1, because of: ${reason}`);
  const whole = onlyRun(home);
  for (const event of whole.events) Event.parse(event);
  expect(steps(whole.events)).toEqual(ALL);
  const starts = whole.events.filter(({ type }) => type === "run_start");
  expect(starts).toMatchObject([
    { step: 0, processes: 2, batch: 16 },
    { step: 4, processes: 2 },
    { step: 4, processes: 2 },
  ]);
}, 300_000);

test("Ctrl-C: a checkpoint, exit 130, nothing left behind; one process goes on alone", async () => {
  const { file, home } = prepare();
  const { group, ended } = startFovea([
    "run",
    file,
    ...TWO,
    "--set",
    "recipe.steps=100000",
    "--json",
  ]);
  await until(() => onlyRun(home).events.some(({ type }) => type === "checkpoint"), 120);
  process.kill(group, "SIGINT");
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  const { id, directory, events } = onlyRun(home);
  expect(JSON.parse(stdout)).toMatchObject({ run: id, status: "cancelled" });
  const reason = expect.stringMatching(/^SIGINT at step \d+$/);
  expect(events.at(-1)).toMatchObject({ type: "run_end", status: "cancelled", reason });
  const last = events.findLast((event) => event.type === "checkpoint");
  const at = Number(/\d+$/.exec(onlyStatus(home).reason ?? "")?.[0]);
  expect(last).toMatchObject({ path: "checkpoints/last.pt", step: at });
  expect(processesOf(directory).filter(isAlive)).toEqual([]);

  const alone = startFovea([
    "run",
    "--resume",
    id,
    "--launcher",
    "local",
    "--unverified",
    "--json",
  ]);
  await until(
    () => onlyRun(home).events.filter(({ type }) => type === "run_start").length === 2,
    120,
  );
  process.kill(alone.group, "SIGINT");
  expect((await alone.ended).code).toBe(130);
  const start = onlyRun(home).events.findLast(({ type }) => type === "run_start");
  expect(start).toMatchObject({ step: at, processes: 1 });
}, 300_000);

test("two machines, here two torchruns, train one run", async () => {
  const { file, home } = prepare();
  const meet = ["--nnodes", "2", "--rendezvous", `127.0.0.1:${await freePort()}`];
  const words = ["--launcher", "torchrun", "--nproc", "1", ...meet];
  const first = startFovea(["run", file, ...words, "--device", "cpu", "--unverified", "--json"]);
  await until(() => onlyStatus(home).launcher === "torchrun", 60);
  const [id = ""] = readdirSync(join(home, "runs"));
  const second = startFovea(["run", "--join", id, "--node-rank", "1", ...meet, "--json"]);
  for (const { code, stdout, stderr } of [await first.ended, await second.ended]) {
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ run: id, status: "completed" });
  }
  const { events } = onlyRun(home);
  const starts = events.filter(({ type }) => type === "run_start");
  expect(starts).toMatchObject([{ step: 0, processes: 2 }]);
  expect(steps(events)).toEqual(ALL);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
}, 300_000);

async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === "object" && address !== null ? address.port : 0),
      );
    });
  });
}
