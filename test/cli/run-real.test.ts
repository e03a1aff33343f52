import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import * as erfCommand from "../../src/cli/commands/erf.js";
import * as evalCommand from "../../src/cli/commands/eval.js";
import * as reportCommand from "../../src/cli/commands/report.js";
import * as runCommandModule from "../../src/cli/commands/run.js";
import { Event } from "../../src/ir/event.js";
import { isAlive } from "../../src/launch/process-identity.js";
import { runCommand } from "../support/command.js";
import { onlyRun, onlyStatus, startFovea, until } from "../support/harness.js";
import { temporaryFolder } from "../support/temporary.js";

const EXPERIMENT = `import { classifier, digits, experiment, network, peripheral, stem } from "fovea";
export default experiment({
  name: "small",
  network: network("small", {
    input: { channels: 1, size: 32 },
    stem: stem.patchify({ stride: 4 }),
    depths: [1],
    widths: [16],
    mixers: [peripheral({ kernel: 9, centre: 5 })],
    head: classifier(10),
  }),
  data: digits({ train: 64, test: 32 }),
  recipe: { steps: 4, batch: 16, logEvery: 1, evalEvery: 2, checkpointEvery: 1 },
});
`;

test("the real Python side: train, interrupt, go on to the same losses, evaluate, report", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "small.experiment.ts");
  writeFileSync(file, EXPERIMENT);
  for (const [name, value] of Object.entries({
    FOVEA_CACHE: join(folder, "cache"),
    FOVEA_PYTHON: "",
    OMP_NUM_THREADS: "1",
  })) {
    vi.stubEnv(name, value);
  }
  const use = (home: string): string => {
    vi.stubEnv("FOVEA_HOME", join(folder, home));
    return join(folder, home);
  };

  const whole = use("whole");
  const run = (...words: string[]) => runCommand(runCommandModule, ["run", ...words]);
  const first = await run(file, "--device", "cpu", "--json");
  expect(first.stderr).toContain("1 kernel verified against float64");
  expect(first.exit).toBe(0);
  const complete = onlyRun(whole);
  for (const event of complete.events) Event.parse(event);
  expect(first.json()).toMatchObject({ status: "completed", run: complete.id });
  expect(losses(complete.events)).toHaveLength(4);

  // The same again, interrupted in the middle: verified before, stopped in order, gone on with.
  const parts = use("parts");
  const { child, ended } = startFovea(["run", file, "--set", "recipe.batch=16", "--json"]);
  await until(() => onlyStatus(parts).status === "running", 60);
  const python = onlyStatus(parts);
  child.kill("SIGINT");
  const { code, stderr } = await ended;
  expect(stderr).toContain("1 of them before");
  expect(code).toBe(130);
  await sleep(100);
  expect(isAlive(python)).toBe(false);
  const { id } = onlyRun(parts);
  expect(id).toBe(complete.id);
  expect((await run("--resume", id)).exit).toBe(0);
  expect(losses(onlyRun(parts).events)).toEqual(losses(complete.events));

  // In another process, `eval` finds what training found last, to the last bit.
  const figures = await runCommand(evalCommand, ["eval", id, "--device", "cpu", "--json"]);
  expect(figures.exit).toBe(0);
  const last = complete.events.filter((event) => event.type === "eval").at(-1);
  expect(figures.json()).toMatchObject({ images: 32, metrics: last?.metrics });

  const drawn = join(folder, "erf");
  const fields = ["erf", id, file, "--size", "36", "--count", "2", "--json"];
  const measured = await runCommand(erfCommand, [...fields, "--out", drawn]);
  expect(measured.exit).toBe(0);
  expect(measured.json()).toMatchObject({
    models: [
      { name: id, step: 4 },
      { name: "small", weights: null },
    ],
  });
  expect(readdirSync(drawn)).toHaveLength(8);

  const out = join(folder, "report");
  expect((await runCommand(reportCommand, ["report", id, "--out", out])).exit).toBe(0);
  expect(readFileSync(join(out, "index.html"), "utf8")).toContain(id);
  vi.unstubAllEnvs();
}, 300_000);

/** Losses by step: of steps that were written twice, the last word counts. */
function losses(events: readonly Event[]): readonly [number, number | null][] {
  const steps = events.flatMap((event) =>
    event.type === "step" ? [[event.step, event.loss] as [number, number | null]] : [],
  );
  return [...new Map(steps)];
}
