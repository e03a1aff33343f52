import { writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import * as command from "../../src/cli/commands/run.js";
import { Event } from "../../src/ir/event.js";
import { runCommand } from "../support/command.js";
import { onlyRun, until } from "../support/harness.js";
import { type Controller, noController, startController } from "../support/slurm.js";
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
  recipe: { steps: 150, batch: 16, logEvery: 1, evalEvery: 150, checkpointEvery: 10 },
});
`;

const reason = noController();

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.skipIf(reason !== null)(`training in a job${reason === null ? "" : `: ${reason}`}`, () => {
  let slurm: Controller;
  beforeAll(() => {
    slurm = startController();
  });
  afterAll(() => slurm?.stop());

  test("a job that Slurm starts again comes to the losses of one that it let be", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "small.experiment.ts");
    writeFileSync(file, EXPERIMENT);
    for (const [name, value] of Object.entries({
      SLURM_CONF: slurm.conf,
      FOVEA_CACHE: join(folder, "cache"),
      FOVEA_PYTHON: "",
      OMP_NUM_THREADS: "1",
    })) {
      vi.stubEnv(name, value);
    }
    const train = (home: string) => {
      vi.stubEnv("FOVEA_HOME", join(folder, home));
      const words = ["--launcher", "slurm", "--device", "cpu", "--unverified", "--json"];
      return runCommand(command, ["run", file, ...words]);
    };
    // One after the other: `FOVEA_HOME` is this process's.
    const whole = await train("whole");
    expect(whole.exit, whole.stderr).toBe(0);
    const parts = train("parts");
    await until(() => steps(join(folder, "parts")).size > 15, 200);
    const job = onlyRun(join(folder, "parts")).status.job ?? "";
    slurm.call("scontrol", "requeue", job);
    await until(() => slurm.stateOf(job) === "PENDING" && !slurm.hasProcesses(job), 60);
    const { status, events } = onlyRun(join(folder, "parts"));
    expect(status).toMatchObject({ status: "queued", reason: expect.stringMatching(/^SIGTERM/) });
    expect(events.at(-1)).toMatchObject({ type: "run_end", status: "cancelled" });
    slurm.call("scontrol", "update", `jobid=${job}`, "starttime=now+2");
    expect((await parts).exit).toBe(0);

    const found = onlyRun(join(folder, "parts"));
    for (const event of found.events) Event.parse(event);
    expect(found.status).toMatchObject({ status: "completed", job, host: hostname() });
    const starts = found.events.filter((event) => event.type === "run_start");
    expect(starts).toHaveLength(2);
    expect(starts[1]?.step).toBeGreaterThan(15);
    const [one, two] = ["whole", "parts"].map((home) => steps(join(folder, home)));
    expect(one?.size).toBe(150);
    expect(two).toEqual(one);
  }, 300_000);
});

/** Losses by step: of steps that were written twice, the last word counts. */
function steps(home: string): ReadonlyMap<number, number | null> {
  return new Map(
    onlyRun(home).events.flatMap((event) =>
      event.type === "step" ? [[event.step, event.loss] as const] : [],
    ),
  );
}
