import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import * as command from "../../src/cli/commands/run.js";
import { readRunRecord } from "../../src/runs/records.js";
import { runCommand } from "../support/command.js";
import { fakePython, onlyRun } from "../support/harness.js";
import { writeRun } from "../support/runs.js";

const run = (...words: string[]) => runCommand(command, ["run", ...words]);
const TWO = ["--launcher", "torchrun", "--nproc", "2"];

interface Call {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What Python was called with, but for the probe and the verification. */
function callsOf(home: string): readonly Call[] {
  return readFileSync(join(home, "calls"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Call)
    .filter(({ words }) => words[0] === "-m" && words[1] !== "fovea_runtime.verify");
}

function recordOf(directory: string) {
  const record = readRunRecord(directory);
  if ("problem" in record) throw new Error(record.problem);
  return record.value;
}

/** A fake Python whose calls are noted. */
function noted(training: string): string {
  const home = fakePython(training);
  vi.stubEnv("FAKE_CALLS", join(home, "calls"));
  return home;
}

describe("two processes", () => {
  test("train one run: torchrun's words, the record, the status", async () => {
    const home = noted("completes");
    const words = [...TWO, "--max-restarts", "1", "--keep", "3", "--heartbeat", "30"];
    const outcome = await run("demo", ...words, "--device", "cpu", "--json");
    const { id, directory, status, events } = onlyRun(home);
    expect(outcome).toMatchObject({ exit: 0 });
    expect(outcome.json()).toMatchObject({ run: id, status: "completed" });
    expect(status).toMatchObject({ status: "completed", launcher: "torchrun", pid: null });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    expect(recordOf(directory).launch).toMatchObject({
      launcher: "torchrun",
      processes: 2,
      nodes: 1,
      keep: 3,
      heartbeat: 30,
      maxRestarts: 1,
    });
    const training = `-m fovea_runtime.train --run ${directory} --keep 3 --heartbeat 30`;
    const [torchrun, ...ranks] = callsOf(home);
    expect(torchrun?.words.join(" ")).toMatch(/^-m torch\.distributed\.run .*--nproc-per-node 2 /);
    expect(torchrun?.words.join(" ")).toMatch(new RegExp(`-- \\S*fake-python\\.mjs ${training}$`));
    expect(ranks.map(({ words }) => words.join(" "))).toEqual([training, training]);
    expect(ranks.map(({ env }) => env["RANK"]).sort()).toEqual(["0", "1"]);
    const threads = String(Math.max(1, Math.floor(availableParallelism() / 2)));
    expect(ranks[0]?.env).toMatchObject({ OMP_NUM_THREADS: threads, GLOO_SOCKET_IFNAME: "lo" });
  });

  test("the step is told before it begins: processes, pieces, images, learning rate", async () => {
    fakePython("completes");
    const set = ["--set", "recipe.batch=96", "--set", "recipe.accumulate=3"];
    const scaled = [
      "--set",
      "recipe.lr=0.001",
      "--set",
      'recipe.lrScaling={"rule":"linear","batch":32}',
    ];
    const { stderr } = await run("demo", ...TWO, ...set, ...scaled);
    expect(stderr).toContain(
      "batch 96 = 2 processes × 3 pieces × 16 images; learning rate 0.003 (0.001 scaled linearly from batch 32)\n",
    );
  });

  test("one process tells it too", async () => {
    fakePython("completes");
    const { stderr } = await run("demo", "--set", "recipe.batch=64", "--set", "recipe.lr=0.002");
    expect(stderr).toContain(
      "batch 64 = 1 process × 1 piece × 64 images; learning rate 0.002 (as written)\n",
    );
  });

  test("without --nproc there is one for each CUDA device, and one without any", async () => {
    const home = noted("completes");
    await run("demo", "--launcher", "torchrun", "--device", "cpu");
    expect(recordOf(onlyRun(home).directory).launch.processes).toBe(1);
    const cuda = noted("completes");
    vi.stubEnv("FAKE_GPUS", "2");
    await run("demo", "--launcher", "torchrun", "--device", "cuda");
    expect(recordOf(onlyRun(cuda).directory).launch.processes).toBe(2);
  });
});

describe("a run of two processes that goes wrong says whose fault it is", () => {
  test.each([
    ["silent-rank", "raises", "failed", /^rank 1: RuntimeError: rank 1 fell \(exit code 1\)$/],
    ["silent-rank", "killed", "lost", /^rank 1 was killed by SIGKILL/],
    ["crashes", "", "failed", /^rank 0: RuntimeError: the sky fell \(exit code 3\)$/],
    ["killed-first", "", "lost", /^rank 0 was killed by SIGKILL/],
    ["dies-first", "", "failed", /^rank 0: ImportError: no module named torch/],
    ["out-of-memory", "", "out_of_memory", /CUDA out of memory/],
    ["diverges", "", "diverged", /step 2/],
  ])("rank 0 %s, rank 1 %s: %s", async (training, other, status, reason) => {
    const home = fakePython(training);
    vi.stubEnv("FAKE_RANK", other);
    const { exit, stderr } = await run("demo", ...TWO);
    expect(exit).toBe(1);
    const found = onlyRun(home);
    expect(found.status).toMatchObject({
      status,
      reason: expect.stringMatching(reason),
      launcher: "torchrun",
    });
    expect(found.events.at(-1)).toMatchObject({ type: "run_end", status });
    expect(stderr).not.toMatch(/ChildFailedError|Root Cause|closing signal/);
  });
});

describe("a mistake exits 2 before there is a run", () => {
  const torchrun = ["--launcher", "torchrun"];
  test.each([
    [[...torchrun, "--nproc", "0"], /--nproc 0.*positive whole number/s],
    [[...torchrun, "--nproc", "two"], /--nproc two/],
    [["--nproc", "2"], /--nproc.*--launcher torchrun/s],
    [["--max-restarts", "2", "--launcher", "local"], /--max-restarts.*--launcher torchrun/s],
    [[...torchrun, "--max-restarts", "-1"], /--max-restarts -1/],
    [["--keep", "1.5"], /--keep 1\.5.*from 0 to/s],
    [["--heartbeat", "soon"], /--heartbeat soon.*0 is never/s],
    [[...torchrun, "--nnodes", "2"], /--rendezvous.*HOST:PORT/s],
    [[...torchrun, "--rendezvous", "node0:29400"], /--nnodes/],
    [[...torchrun, "--nnodes", "2", "--rendezvous", "node0"], /--rendezvous node0.*HOST:PORT/s],
    [[...torchrun, "--nnodes", "2", "--rendezvous", "a:70000"], /--rendezvous a:70000/],
    [
      [...TWO, "--nnodes", "2", "--rendezvous", "a:1", "--node-rank", "1"],
      /--join ID --node-rank 1/,
    ],
    [
      [...torchrun, "--nproc", "3"],
      /recipe\.batch 32.*3 processes × 1 piece.*--nproc 2.*recipe\.batch=33/s,
    ],
    [
      [...TWO, "--set", "recipe.batch=6", "--set", "recipe.augment.mixup=0.8"],
      /mixup.*recipe\.batch 6 for 2 processes × 1 piece gives 3.*recipe\.batch=8/s,
    ],
    [
      [...torchrun, "--nproc", "4", "--set", "recipe.batch=24", "--set", "recipe.accumulate=4"],
      /recipe\.batch 24.*4 processes × 4 pieces.*--nproc 3, or write --set recipe\.batch=32/s,
    ],
  ])("%j", async (words, text) => {
    const home = fakePython("completes");
    const { exit, stderr, json } = await run("demo", ...words, "--json");
    expect(stderr).toMatch(text);
    expect(exit).toBe(2);
    expect(json()).toMatchObject({ error: { code: expect.stringMatching(/^FOV00(03|40)$/) } });
    expect(readdirSync(home)).toEqual([]);
  });

  test.each(["cuda", "auto"])("more processes than devices: --device %s", async (device) => {
    const home = fakePython("completes");
    vi.stubEnv("FAKE_GPUS", "2");
    // A driver that names its GPUs is what `auto` looks for before it asks torch.
    const bin = join(home, "bin");
    const words = [...["--launcher", "torchrun", "--nproc", "4"], "--device", device];
    if (device === "auto") {
      mkdirSync(bin);
      writeFileSync(join(bin, "nvidia-smi"), "#!/bin/sh\necho A\necho B\necho C\n", {
        mode: 0o755,
      });
      vi.stubEnv("PATH", `${bin}:${process.env["PATH"]}`);
    }
    const { exit, stderr } = await run("demo", ...words);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/--nproc 4.*2 CUDA devices.*--nproc 2/s);
    expect(existsSync(join(home, "runs"))).toBe(false);
    expect((await run("demo", ...words.slice(0, 2), "--nproc", "2", "--device", device)).exit).toBe(
      0,
    );
  });
});

describe("--resume", () => {
  test("starts as the record says, unless told anew", async () => {
    const home = noted("crashes");
    await run("demo", ...TWO, "--keep", "4", "--device", "cpu");
    const { id, directory } = onlyRun(home);
    vi.stubEnv("FAKE_TRAINING", "completes");
    writeFileSync(join(home, "calls"), "");
    expect((await run("--resume", id)).exit).toBe(0);
    const [torchrun, first] = callsOf(home);
    expect(torchrun?.words.join(" ")).toContain("--nproc-per-node 2 ");
    expect(first?.words.join(" ")).toContain(" --resume --keep 4 --heartbeat 600");
    expect(recordOf(directory).launch).toMatchObject({ processes: 2, keep: 4 });
  });

  test("takes another number of processes where the batch divides, or one alone", async () => {
    const home = noted("crashes");
    await run("demo", ...TWO, "--device", "cpu");
    const { id, directory } = onlyRun(home);
    expect(await run("--resume", id, "--nproc", "3")).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/3 processes.*run with --nproc 2\n/s),
    });
    writeFileSync(join(home, "calls"), "");
    await run("--resume", id, "--nproc", "4", "--heartbeat", "0");
    expect(callsOf(home)[0]?.words.join(" ")).toMatch(/--nproc-per-node 4 .*--heartbeat 0$/);
    writeFileSync(join(home, "calls"), "");
    vi.stubEnv("FAKE_TRAINING", "completes");
    expect((await run("--resume", id, "--launcher", "local")).exit).toBe(0);
    expect(callsOf(home).map(({ words }) => words[1])).toEqual(["fovea_runtime.train"]);
    // What is there to see is how it was started last; the record stays what it was.
    expect(onlyRun(home).status.launcher).toBe("local");
    expect(recordOf(directory).launch).toMatchObject({ launcher: "torchrun", processes: 2 });
  });

  test("a record of fovea 0.1 has no launch options: one process", async () => {
    const home = fakePython("completes");
    const { id, directory } = writeRun(home, { status: "failed", events: [] });
    expect(recordOf(directory).launch).toMatchObject({ launcher: "local", processes: 1, keep: 1 });
    expect((await run("--resume", id)).exit).toBe(0);
  });

  test("a damaged checkpoint that was replaced is named on stderr", async () => {
    const home = fakePython("crashes");
    await run("demo");
    vi.stubEnv("FAKE_TRAINING", "recovers");
    const { stderr, exit } = await run("--resume", onlyRun(home).id);
    expect(exit).toBe(0);
    expect(stderr).toContain("warning: checkpoints/last.pt is damaged: its hash is another");
  });
});

describe("--join", () => {
  test.each([
    [["--join", "demo-00000000-1"], /--node-rank/],
    [["--join", "demo-00000000-1", "--node-rank", "0"], /--node-rank 1/],
    [["demo", "--join", "demo-00000000-1", "--node-rank", "1"], /FILE demo.*leave FILE out/s],
    [["--join", "x-1", "--node-rank", "1", "--set", "seed=1"], /--set seed=1/],
    [["--join", "x-1", "--node-rank", "1"], /no run "x-1"/],
  ])("%j is a mistake", async (words, text) => {
    const home = fakePython("completes");
    expect(await run(...words)).toMatchObject({ exit: 2, stderr: expect.stringMatching(text) });
    expect(readdirSync(home)).toEqual([]);
  });

  test("a run that is over cannot be joined", async () => {
    const home = fakePython("completes");
    const { id } = writeRun(home, { status: "completed" });
    expect(await run("--join", id, "--node-rank", "1")).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/cannot be joined: it is completed/),
    });
  });

  test("starts torchrun with the machine's number and logs of its own", async () => {
    const home = noted("completes");
    const { id, directory } = writeRun(home, { status: "running", pid: process.pid });
    // The first machine ends the run while this one's processes end.
    const status = join(directory, "status.json");
    const ended = { ...JSON.parse(readFileSync(status, "utf8")), status: "completed", pid: null };
    setTimeout(() => writeFileSync(status, JSON.stringify(ended)), 1500);
    vi.stubEnv("RANK", "");
    const where = ["--rendezvous", "[::1]:29400", "--nnodes", "2", "--nproc", "1"];
    const outcome = await run("--join", id, "--node-rank", "1", ...where, "--json");
    expect(outcome).toMatchObject({ exit: 0 });
    expect(outcome.json()).toMatchObject({ run: id, status: "completed" });
    const [torchrun] = callsOf(home);
    expect(torchrun?.words.join(" ")).toContain(
      "--node-rank 1 --master-addr ::1 --master-port 29400",
    );
    expect(readdirSync(directory)).toContain("stderr-node1.log");
  });
});
