import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import * as runModule from "../../src/cli/commands/run.js";
import * as runsModule from "../../src/cli/commands/runs.js";
import type { StatusRecord } from "../../src/ir/run.js";
import type { RunRow } from "../../src/runs/run-row.js";
import { type Outcome, runCommand } from "../support/command.js";
import { fakePython, onlyRun, onlyStatus, startFovea, until } from "../support/harness.js";
import { type Controller, noController, startController } from "../support/slurm.js";

const SWEEP = `import { classifier, dense, digits, experiment, network, stem, sweep } from "fovea";
const base = experiment({
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
  recipe: { steps: 4, batch: 16 },
});
export default sweep({ base, over: {}, seeds: [1, 2, 3, 4, 5] });
`;

const reason = noController();
const SLURM = ["--launcher", "slurm", "--device", "cpu"];

const run = (...words: string[]): Promise<Outcome> => runCommand(runModule, ["run", ...words]);
const runs = (...words: string[]): Promise<Outcome> => runCommand(runsModule, ["runs", ...words]);

async function listed(): Promise<RunRow | undefined> {
  const { runs: rows } = (await runs("list", "--json")).json() as { runs: RunRow[] };
  return rows[0];
}

describe.skipIf(reason !== null)(`jobs of Slurm${reason === null ? "" : `: ${reason}`}`, () => {
  let slurm: Controller;
  beforeAll(() => {
    slurm = startController();
  });
  afterAll(() => slurm?.stop());
  beforeEach(() => {
    vi.stubEnv("SLURM_CONF", slurm.conf);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  /** Waits for the run's job to train. */
  const running = async (home: string): Promise<string> => {
    await until(() => onlyRun(home).events.some(({ type }) => type === "step"));
    return onlyStatus(home).job ?? "";
  };
  /** Slurm waits two minutes before it starts a job again; within a second it would refuse to. */
  const restart = async (job: string): Promise<void> => {
    await until(() => !slurm.hasProcesses(job));
    slurm.call("scontrol", "update", `jobid=${job}`, "starttime=now+2");
  };
  const drain = (): void => {
    slurm.call("scontrol", "update", `nodename=${hostname()}`, "state=drain", "reason=test");
  };
  const undrain = (): void => {
    slurm.call("scontrol", "update", `nodename=${hostname()}`, "state=resume");
  };

  test("a job is followed to its end like a local run, whatever the paths are", async () => {
    const home = join(fakePython("completes"), `o'd "q" $HOME %j 100% \\x é`);
    mkdirSync(home);
    vi.stubEnv("FOVEA_HOME", home);
    const { exit, stderr, json } = await run("demo", ...SLURM, "--json");
    const { id, directory, status, events } = onlyRun(home);
    expect(exit, stderr).toBe(0);
    expect(json()).toEqual({
      run: id,
      status: "completed",
      dir: directory,
      metrics: { top1: 91.25, loss: 0.25 },
    });
    expect(status).toMatchObject({ status: "completed", launcher: "slurm", host: hostname() });
    expect(status.job).toMatch(/^\d+$/);
    expect(events.at(-1)).toMatchObject({ type: "run_end", status: "completed" });
    expect(readFileSync(join(directory, "stdout.log"), "utf8")).toBe("said on stdout\n");
    expect(readFileSync(join(directory, "slurm.log"), "utf8")).toBe("");
    // Whether a job as short as this was seen to run is chance; the one of Ctrl-C is.
    expect(stderr).toMatch(/step 1\/4.*eval step 4/s);
  });

  test("a job that fails: its words, its exit code, its end", async () => {
    const home = fakePython("crashes");
    const { exit, stderr, json } = await run("demo", ...SLURM, "--json");
    expect(exit).toBe(1);
    const why = "RuntimeError: the sky fell (exit code 3)";
    const { status, events } = onlyRun(home);
    expect(status).toMatchObject({ status: "failed", reason: why });
    expect(events.at(-1)).toMatchObject({ type: "run_end", status: "failed", reason: why });
    expect(json()).toMatchObject({ status: "failed" });
    expect(stderr).toContain(why);
  });

  test("what is asked of Slurm, and a stop from elsewhere while it runs", async () => {
    const home = fakePython("hangs");
    const asked = ["--time", "1:30:00", "--cpus", "2", "--mem", "1M", "--partition", "main"];
    const following = run("demo", ...SLURM, ...asked, "--no-requeue", "--json");
    const job = await running(home);
    expect(slurm.call("scontrol", "show", "job", job)).toMatch(
      /Requeue=0(.*)TimeLimit=01:30:00(.*)Partition=main(.*)CPUs\/Task=2(.*)MinMemoryNode=1M/s,
    );
    const { id } = onlyRun(home);
    expect(await listed()).toMatchObject({ run: id, status: "running" });
    const stopped = await runs("cancel", id, "--json");
    expect(stopped.json()).toMatchObject({ run: id, status: "cancelled" });
    const { exit, json } = await following;
    expect(exit).toBe(130);
    expect(json()).toMatchObject({ run: id, status: "cancelled" });
    const { status, directory } = onlyRun(home);
    expect(status.reason).toBe("SIGINT after step 1");
    const { launch } = JSON.parse(readFileSync(join(directory, "run.json"), "utf8"));
    expect(launch).toMatchObject({
      launcher: "slurm",
      slurm: { time: 5400, cpus: 2, memory: 1, partition: "main", requeue: false, account: null },
    });
  });

  test("a job that waits: it is listed as queued, and a stop takes it out of the queue", async () => {
    const home = fakePython("completes");
    drain();
    try {
      const following = run("demo", ...SLURM, "--json");
      await until(() => onlyStatus(home).job !== null);
      const row = await listed();
      expect(row).toMatchObject({ status: "queued", reason: expect.stringMatching(/PENDING/) });
      await runs("cancel", row?.run ?? "");
      const { exit, json, stderr } = await following;
      expect(exit, stderr).toBe(130);
      expect(json()).toMatchObject({ status: "cancelled" });
      const { status, events } = onlyRun(home);
      expect(status.reason).toMatch(/Slurm: CANCELLED/);
      expect(events).toMatchObject([{ type: "run_end", status: "cancelled" }]);
      expect(slurm.stateOf(status.job ?? "")).toBe("CANCELLED");
    } finally {
      undrain();
    }
  });

  test("Ctrl-C stops the job after a checkpoint", async () => {
    const home = fakePython("hangs");
    const { group, said, ended } = startFovea(["run", "demo", ...SLURM, "--json"]);
    const job = await running(home);
    await until(() => said().includes(`job ${job} runs on ${hostname()}\n`));
    await until(() => said().includes("step 1/"));
    process.kill(group, "SIGINT");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ status: "cancelled" });
    const { directory, events } = onlyRun(home);
    expect(existsSync(join(directory, "checkpoints", "last.pt"))).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: "run_end", reason: "SIGINT after step 1" });
  });

  test("Slurm takes a job's node and gives it another: queued meanwhile, then it goes on", async () => {
    const home = fakePython("hangs-once");
    const following = run("demo", ...SLURM, "--json");
    const job = await running(home);
    slurm.call("scontrol", "requeue", job);
    await until(() => slurm.stateOf(job) === "PENDING");
    expect(await listed()).toMatchObject({
      status: "queued",
      reason: expect.stringMatching(/PENDING/),
    });
    await restart(job);
    const { exit, stderr, json } = await following;
    expect(exit, stderr).toBe(0);
    expect(json()).toMatchObject({ status: "completed" });
    expect(stderr).toMatch(/from step 2/);
    const { events, status } = onlyRun(home);
    expect(status.job).toBe(job);
    const starts = events.filter(({ type }) => type === "run_start");
    expect(starts).toMatchObject([{ step: 0 }, { step: 2 }]);
  });

  test("a node that dies: the job waits for another, and resumes there", async () => {
    const home = fakePython("hangs-once");
    const following = run("demo", ...SLURM, "--json");
    const job = await running(home);
    const { pid } = onlyStatus(home);
    const { directory } = onlyRun(home);
    mkdirSync(join(directory, "checkpoints"));
    slurm.call("cp", join(directory, "run.json"), join(directory, "checkpoints", "last.pt"));
    slurm.signal("slurmd", "SIGKILL");
    slurm.killJob(job);
    process.kill(pid ?? 0, "SIGKILL");
    slurm.call("scontrol", "update", `nodename=${hostname()}`, "state=down", "reason=dead");
    await until(() => slurm.stateOf(job) === "PENDING");
    expect(await listed()).toMatchObject({ status: "queued" });
    slurm.start("slurmd");
    await until(() => slurm.call("sinfo", "-h", "-o", "%t") === "idle");
    await restart(job);
    const { exit, stderr } = await following;
    expect(exit, stderr).toBe(0);
    expect(onlyRun(home).status).toMatchObject({ status: "completed", job });
  });

  test("fovea killed: the job goes on, is listed, found and stopped", async () => {
    const home = fakePython("hangs");
    const { child, ended } = startFovea(["run", "demo", ...SLURM]);
    const job = await running(home);
    child.kill("SIGKILL");
    await ended;
    expect(await listed()).toMatchObject({ status: "running" });
    const { id } = onlyRun(home);
    expect((await run("--resume", id)).stderr).toContain("is still running");
    expect((await runs("cancel", id)).stdout).toContain("cancelled");
    expect(slurm.stateOf(job)).not.toBe("RUNNING");
    expect(onlyRun(home).events.at(-1)).toMatchObject({ type: "run_end", status: "cancelled" });
  });

  test("fovea killed while its job waits, and the job cancelled: the record gets its end", async () => {
    const home = fakePython("completes");
    drain();
    try {
      const { child, ended } = startFovea(["run", "demo", ...SLURM]);
      await until(() => onlyStatus(home).job !== null);
      child.kill("SIGKILL");
      await ended;
      const { run: id = "" } = (await listed()) ?? {};
      await runs("cancel", id);
      expect(onlyRun(home).status).toMatchObject({ status: "cancelled", launcher: "slurm" });
      expect(onlyRun(home).events).toMatchObject([{ type: "run_end", status: "cancelled" }]);
    } finally {
      undrain();
    }
  });

  test("a job that dies after fovea did: its exit code tells the end", async () => {
    const home = fakePython("hangs");
    const { child, ended } = startFovea(["run", "demo", ...SLURM]);
    await running(home);
    child.kill("SIGKILL");
    await ended;
    process.kill(onlyStatus(home).pid ?? 0, "SIGKILL");
    await until(() => slurm.stateOf(onlyStatus(home).job ?? "") === "FAILED");
    expect(await listed()).toMatchObject({
      status: "lost",
      reason: expect.stringContaining("killed by SIGKILL"),
    });
  });

  test("a refusal: sbatch's words, and nothing left that waits", async () => {
    const home = fakePython("completes");
    const { exit, stderr, json } = await run("demo", ...SLURM, "--partition", "nope", "--json");
    expect(exit).toBe(2);
    expect(stderr).toContain("invalid partition specified: nope");
    expect(json()).toMatchObject({ error: { code: "FOV0121" } });
    expect(onlyStatus(home)).toMatchObject({
      status: "failed",
      reason: expect.stringContaining("nope"),
    });
  });

  test("a controller that stops answering: what is recorded holds, and is followed afterwards", async () => {
    const home = fakePython("hangs");
    const following = run("demo", ...SLURM, "--json");
    await running(home);
    const { id } = onlyRun(home);
    slurm.signal("slurmctld", "SIGSTOP");
    const cancelling = (async () => {
      try {
        expect(await listed()).toMatchObject({ status: "running" });
        const outcome = runs("cancel", id, "--json");
        await new Promise((resolve) => setTimeout(resolve, 8000));
        return outcome;
      } finally {
        slurm.signal("slurmctld", "SIGCONT");
      }
    })();
    const stopped = await cancelling;
    expect(stopped.json()).toMatchObject({ status: "cancelled" });
    expect(stopped.stderr).toContain("does not answer; waiting for it to stop the job");
    expect((await following).exit).toBe(130);
  });

  test("a job that fovea does not know of leaves the run alone", async () => {
    const home = fakePython("hangs");
    const following = run("demo", ...SLURM);
    await running(home);
    const { directory, id } = onlyRun(home);
    const other = slurm.call("sbatch", "--parsable", "-o", "/dev/null", join(directory, "job.sh"));
    await until(() => slurm.stateOf(other) === "COMPLETED");
    expect(readFileSync(join(directory, "slurm.log"), "utf8")).toContain(`job ${other} leaves`);
    expect(onlyRun(home).events.filter(({ type }) => type === "run_start")).toHaveLength(1);
    await runs("cancel", id);
    await following;
  });

  test("a sweep is one array, in parts; one whose command is killed is gone on with", async () => {
    const home = fakePython("hangs");
    const file = join(home, "s.sweep.ts");
    writeFileSync(file, SWEEP);
    const words = ["sweep", file, ...SLURM, "--slots", "2"];
    const { child, ended } = startFovea(words);
    const statuses = () =>
      readdirSync(join(home, "runs")).map(
        (id) =>
          JSON.parse(readFileSync(join(home, "runs", id, "status.json"), "utf8")) as StatusRecord,
      );
    const training = () =>
      readdirSync(join(home, "runs")).filter((id) => {
        const events = join(home, "runs", id, "events.jsonl");
        if (!existsSync(events) || !readFileSync(events, "utf8").includes('"step"')) return false;
        return readFileSync(join(home, "runs", id, "status.json"), "utf8").includes('"running"');
      }).length;
    // Both parts are with Slurm, and who trains hears a signal.
    await until(() => statuses().every(({ job }) => job !== null) && training() === 2);
    // The test's controller has arrays of four.
    const [array, next] = [...new Set(statuses().map(({ job }) => job?.split("_")[0]))].sort();
    const jobs = statuses().map(({ job }) => job);
    expect(jobs.sort()).toEqual([0, 1, 2, 3].map((n) => `${array}_${n}`).concat(`${next}_0`));
    expect(slurm.stateOf(next ?? "")).toBe("PENDING");
    child.kill("SIGKILL");
    await ended;
    const { runs: rows } = (await runs("list", "--json")).json() as { runs: RunRow[] };
    expect(rows.map(({ status }) => status).sort()).toEqual([
      ...["queued", "queued", "queued"],
      ...["running", "running"],
    ]);
    const again = startFovea([...words, "--json"]);
    let said = "";
    again.child.stderr?.on("data", (text: Buffer) => {
      said += text.toString();
    });
    await until(() => rows.every(({ run: id }) => said.includes(id)));
    // The jobs that began hang; the others are of the same array, and are waited for.
    for (const { run: id, status } of rows) if (status === "running") await runs("cancel", id);
    await until(() => training() === 2);
    process.kill(again.group, "SIGINT");
    const { code, stdout } = await again.ended;
    expect(code).toBe(130);
    expect((JSON.parse(stdout) as { runs: unknown[] }).runs).toHaveLength(5);
    expect(statuses()).toHaveLength(5);
    expect(slurm.call("squeue", "-h", "-r", "-t", "PD,R")).toBe("");
  });

  test("kernels for a GPU are verified in the job, before it trains", async () => {
    const cuda = ["--launcher", "slurm", "--device", "cuda", "--gpus", "0"];
    const bad = fakePython("verify-fails");
    const failed = await run("demo", ...cuda);
    expect(failed.exit).toBe(1);
    expect(onlyRun(bad).status).toMatchObject({
      status: "failed",
      reason: "the kernels are not verified: dgrad is off by 0.3, where 1e-5 is allowed",
    });
    expect(onlyRun(bad).events.map(({ type }) => type)).toEqual(["run_end"]);
    const good = fakePython("completes");
    vi.stubEnv("FAKE_CALLS", join(good, "calls"));
    expect((await run("demo", ...cuda)).exit).toBe(0);
    const calls = readFileSync(join(good, "calls"), "utf8");
    expect(calls).toMatch(/fovea_runtime\.verify.*"cuda".*fovea_runtime\.train.*"cuda"/s);
  });

  test("two processes within a job", async () => {
    const home = fakePython("completes");
    vi.stubEnv("FAKE_CALLS", join(home, "calls"));
    const { exit, stderr } = await run("demo", ...SLURM, "--nproc", "2", "--cpus", "1");
    expect(exit, stderr).toBe(0);
    const calls = readFileSync(join(home, "calls"), "utf8");
    expect(calls).toMatch(/torch\.distributed\.run.*--nproc-per-node","2"/s);
    expect(calls.match(/"RANK":"[01]"/g)).toHaveLength(2);
  });
});

test("without Slurm's commands: exit 2 with the fix, and no run", async () => {
  const home = fakePython("completes");
  const bin = join(home, "bin");
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  vi.stubEnv("PATH", bin);
  const { exit, json } = await run("demo", ...SLURM, "--json");
  expect(exit).toBe(2);
  expect(json()).toMatchObject({
    error: { code: "FOV0120", fix: expect.stringContaining("slurm-client") },
  });
  expect(readdirSync(home)).toEqual(["bin"]);
});

describe("a mistake exits 2 before there is a run", () => {
  test.each([
    [["--partition", "gpu"], /--partition.*--launcher slurm/s],
    [["--launcher", "torchrun", "--time", "10"], /--time.*--launcher slurm/s],
    [["--no-requeue"], /--no-requeue.*--launcher slurm/s],
    [[...SLURM, "--time", "soon"], /--time soon.*days-hours/s],
    [[...SLURM, "--time", "0"], /--time 0/],
    [[...SLURM, "--mem", "lots"], /--mem lots.*64G/s],
    [[...SLURM, "--gpus", "-1"], /--gpus -1/],
    [[...SLURM, "--cpus", "0"], /--cpus 0/],
    [[...SLURM, "--account", "a b"], /--account a b/],
    [[...SLURM, "--rendezvous", "a:1"], /--rendezvous/],
  ])("%j", async (words, text) => {
    const home = fakePython("completes");
    const { exit, stderr } = await run("demo", ...words);
    expect(stderr).toMatch(text);
    expect(exit).toBe(2);
    expect(existsSync(join(home, "runs"))).toBe(false);
  });
});
