#!/usr/bin/env node
// Stands in for the interpreter: answers fovea's probe and verification, and acts out one kind of
// training, which FAKE_TRAINING names. Training writes what the real one writes.
import { spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [flag, module, ...words] = process.argv.slice(2);
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1"];
let kind = process.env.FAKE_TRAINING ?? "completes";
if (process.env.FAKE_LOG) appendFileSync(process.env.FAKE_LOG, `${process.argv.slice(2, 4)}\n`);

if (process.env.FAKE_CALLS) {
  const { OMP_NUM_THREADS, GLOO_SOCKET_IFNAME, RANK, CUDA_VISIBLE_DEVICES } = process.env;
  const env = { OMP_NUM_THREADS, GLOO_SOCKET_IFNAME, RANK, CUDA_VISIBLE_DEVICES };
  const call = { words: process.argv.slice(2), env };
  appendFileSync(process.env.FAKE_CALLS, `${JSON.stringify(call)}\n`);
}

if (kind === "probe-hangs") {
  writeFileSync(join(process.env.FOVEA_HOME, "probing"), "");
  await sleep(60_000);
}
if (flag === "-c") probe(module);
else if (module === "fovea_runtime.verify") await verify();
else if (module === "fovea_runtime.count") count();
else if (module === "fovea_runtime.data") console.log(process.env.FAKE_DATA);
else if (module === "fovea_runtime.train") await train(words[words.indexOf("--run") + 1]);
else if (module === "torch.distributed.run") await torchrun();
else process.exit(2);

// Starts the processes in sessions of their own, passes signals on, and stops all where one fails.
async function torchrun() {
  const count = Number(words[words.indexOf("--nproc-per-node") + 1]);
  const [command, ...rest] = words.slice(words.indexOf("--") + 1);
  const env = { ...process.env, WORLD_SIZE: String(count), TORCHELASTIC_RUN_ID: "fake" };
  const children = Array.from({ length: count }, (_, rank) =>
    spawn(command, rest, {
      detached: true,
      stdio: "inherit",
      env: { ...env, RANK: String(rank) },
    }),
  );
  let stopped = null;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      stopped = signal;
      for (const child of children) child.kill(signal);
    });
  }
  const failures = [];
  await Promise.all(
    children.map(
      (child, rank) =>
        new Promise((resolve) => {
          child.on("exit", (code, signal) => {
            if (code !== 0) {
              failures.push({ rank, code, signal, pid: child.pid });
              if (failures.length === 1) {
                console.error(
                  "W1125 02:49:36.690000 18206 /x/torch/distributed/elastic/multiprocessing/api.py:1028] Sending process 1 closing signal SIGTERM",
                );
                for (const other of children) other.kill("SIGTERM");
              }
            }
            resolve();
          });
        }),
    ),
  );
  const trace = "Traceback (most recent call last):\n  File run.py, in main\n";
  const errors = "torch.distributed.elastic.multiprocessing";
  if (stopped !== null) {
    const number = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1, SIGUSR1: 10 }[stopped];
    console.error(
      `${trace}${errors}.api.SignalException: Process ${process.pid} got signal: ${number}`,
    );
    process.exit(1);
  }
  if (failures.length === 0) process.exit(0);
  const [{ rank, code, signal, pid }] = failures;
  const number = signal === null ? code : -{ SIGKILL: 9, SIGSEGV: 11 }[signal];
  const rule = "=".repeat(60);
  console.error(
    `${trace}${errors}.errors.ChildFailedError: \n${rule}\nfake FAILED\nFailures:\n  <NO_OTHER_FAILURES>\nRoot Cause (first observed failure):\n[0]:\n  time      : 2026-11-25_02:49:36\n  host      : localhost\n  rank      : ${rank} (local_rank: ${rank})\n  exitcode  : ${number} (pid: ${pid})${signal === null ? " " : `  (${signal})`}\n  error_file: <N/A>\n  traceback : none\n${rule}`,
  );
  process.exit(1);
}

function probe(code) {
  if (code.includes("cuda.is_available")) {
    console.log(code.includes("fovea_runtime") ? "cpu 2" : (process.env.FAKE_GPUS ?? "0"));
    return;
  }
  const packages = {
    torch: "2.15.0",
    triton: null,
    timm: "1.0.31",
    numpy: "2.0.0",
    torchmetrics: "1.0.0",
    "scikit-learn": "1.5.0",
    tensorboard: "2.21.0",
    mlflow: null,
    wandb: null,
  };
  if (process.env.FAKE_LACKS) packages[process.env.FAKE_LACKS] = null;
  console.log(JSON.stringify({ python: "3.12.0", packages }));
}

async function verify() {
  if (kind === "verify-hangs") await sleep(60_000);
  if (kind === "verify-dies") process.kill(process.pid, "SIGSEGV");
  if (kind === "verify-fails") {
    console.error("dgrad is off by 0.3, where 1e-5 is allowed");
    process.exit(1);
  }
  console.log(JSON.stringify({ kernels: [] }));
}

// Knows every model but those called "unknown…"; gives each a hundred parameters a channel.
function count() {
  if (kind === "count-fails") {
    console.error("Traceback (most recent call last):\nRuntimeError: the moon fell");
    process.exit(1);
  }
  const peers = words.filter((_, index) => words[index - 1] === "--peer").map(JSON.parse);
  const index = peers.findIndex(({ model }) => model.startsWith("unknown"));
  if (index >= 0) {
    const message = `timm has no model ${peers[index].model}`;
    const fix = "did you mean resnet50?";
    console.log(JSON.stringify({ error: { index, message, path: "model", allowed: null, fix } }));
    process.exit(2);
  }
  const size = words.includes("--size")
    ? words[words.indexOf("--size") + 1].split("x").map(Number)
    : null;
  console.log(JSON.stringify({ peers: peers.map((peer) => card(peer, size)) }));
}

function card({ name, model, input: { channels, size } }, given) {
  const dense = 100 * channels;
  const counts = { dense, nonzero: dense };
  return {
    name,
    model,
    description: null,
    input: {
      channels,
      size: given ?? (size === null ? [224, 224] : [size, size].flat().slice(-2)),
    },
    sparsity: 0,
    params: { ...counts, embedding: 0, merged: dense },
    macs: counts,
    stages: [],
    layers: [{ name: "stem", kind: "Conv2d", params: counts, macs: counts }],
    checks: [],
    versions: { timm: "1.0.31", torch: "2.15.0" },
  };
}

function stats(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

// What the launcher wrote is kept.
function launched(dir) {
  const { launcher, job } = JSON.parse(readFileSync(join(dir, "status.json"), "utf8"));
  return { launcher, job };
}

// A process that writes nothing: it is there until it is asked to end, or dies as it is told.
async function follow(run) {
  if (process.env.FAKE_RANK === "raises") {
    console.error("Traceback (most recent call last):\n  File x.py\nRuntimeError: rank 1 fell");
    process.exit(1);
  }
  if (process.env.FAKE_RANK === "killed") process.kill(process.pid, "SIGKILL");
  let asked = false;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      asked = true;
    });
  }
  // Like a real one it stops when the first does, and when that one is gone.
  const first = () => JSON.parse(readFileSync(join(run, "status.json"), "utf8"));
  for (let n = 0; n < 1200; n += 1) {
    const { status, pid } = first();
    const left = pid === null || (status === "running" ? !isThere(pid) : asked);
    // One that hangs in a collective call does not even see that the first is gone.
    if (left && kind !== "deaf") break;
    await sleep(50);
  }
  process.exit(0);
}

function isThere(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

// `completes,1=crashes` crashes for seed 1.
function kindFor(dir) {
  const [usual, ...others] = kind.split(",");
  if (others.length === 0) return usual;
  const { experiment } = JSON.parse(readFileSync(join(dir, "run.json"), "utf8"));
  const own = others
    .map((each) => each.split("="))
    .find(([seed]) => Number(seed) === experiment.seed);
  return own?.[1] ?? usual;
}

async function train(dir) {
  if (Number(process.env.RANK ?? 0) > 0) return await follow(dir);
  kind = kindFor(dir);
  const events = join(dir, "events.jsonl");
  const status = (fields) => {
    const record = {
      reason: null,
      pid: null,
      started: null,
      host: hostname(),
      ...launched(dir),
      ...fields,
    };
    writeFileSync(join(dir, "status.tmp"), JSON.stringify(record));
    renameSync(join(dir, "status.tmp"), join(dir, "status.json"));
  };
  let seq = 0;
  try {
    seq = readFileSync(events, "utf8").split("\n").length - 1;
  } catch {}
  const write = (type, fields) => {
    const event = { v: 1, seq, time: Date.now() / 1000, type, ...fields };
    appendFileSync(events, `${JSON.stringify(event)}\n`);
    seq += 1;
  };
  const step = (n, loss = 2.5 / n + Number(process.env.FAKE_LOSS ?? 0)) =>
    write("step", { step: n, epoch: n / 4, loss, lr: 0.001, images_per_second: 100, grad_norm: 1 });
  const end = (code, state, reason = null) => {
    write("run_end", { status: state, reason });
    const waits = reason?.startsWith("SIGTERM") && process.env.FOVEA_REQUEUE === "1";
    status({ status: waits ? "queued" : state, reason });
    process.exit(code);
  };

  if (kind === "dies-first") {
    console.error(
      "Traceback (most recent call last):\n  File x.py\nImportError: no module named torch",
    );
    process.exit(1);
  }
  if (kind === "silent-rank") {
    // As where it hangs in a collective call and is ended from outside.
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
    await sleep(30_000);
  }
  if (kind === "lost-once" && !existsSync(join(dir, "tried"))) {
    writeFileSync(join(dir, "tried"), "");
    process.kill(process.pid, "SIGKILL");
  }
  if (kind === "killed-first") process.kill(process.pid, "SIGKILL");
  status({ status: "running", pid: process.pid, started: stats(process.pid) });
  if (kind === "recovers") {
    write("warning", { message: "checkpoints/last.pt is damaged: its hash is another" });
  }
  let asked = null;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (kind !== "deaf") asked ??= signal;
    });
  }
  console.log("said on stdout");
  write("run_start", {
    step: words.includes("--resume") ? 2 : 0,
    steps: 4,
    epochs: 1,
    device: "cpu",
    versions: {},
    parameters: 1234,
    ...JSON.parse(process.env.FAKE_FACTS ?? "{}"),
  });
  write("kernel_methods", {
    layers: [{ layer: "a", method: "fft", reason: "a large kernel on the CPU" }],
  });
  write("warning", { message: "the classifier has \u001b[31m10 classes" });
  step(1);
  if (kind === "lasts") {
    const ms = Number(process.env.FAKE_LASTS ?? 1000);
    for (let n = 0; n < ms / 20 && asked === null; n += 1) await sleep(20);
    if (asked !== null) end(130, "cancelled", `${asked} after step 1`);
  }
  if (kind === "crashes") {
    console.error("Traceback (most recent call last):\nRuntimeError: the sky fell");
    process.exit(3);
  }
  if (kind === "refuses" || kind === "fails-inside") {
    const module = kind === "refuses" ? "fovea_runtime/data/open.py" : "torch/nn/modules/conv.py";
    console.error(`Traceback (most recent call last):\n  File "/lib/${module}", line 59, in open`);
    console.error(
      "    raise ValueError(why)\nValueError: there is no folder /nowhere: name another",
    );
    process.exit(1);
  }
  if (kind === "out-of-memory") {
    console.error("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20 GiB");
    process.exit(1);
  }
  if (kind === "torn") {
    appendFileSync(events, '{"v":1,"seq":4,"time":1,"ty');
    process.kill(process.pid, "SIGKILL");
  }
  if (kind === "segfaults") process.kill(process.pid, "SIGSEGV");
  if (kind === "silent") process.exit(0);
  if (kind === "diverges") {
    step(2, null);
    end(1, "diverged", "the loss is not finite after step 2");
  }
  const isAgain = kind === "hangs-once" && words.includes("--resume");
  if (kind === "hangs" || kind === "deaf" || (kind === "hangs-once" && !isAgain)) {
    for (let n = 0; n < 600 && asked === null; n += 1) await sleep(50);
    mkdirSync(join(dir, "checkpoints"), { recursive: true });
    writeFileSync(join(dir, "checkpoints", "last.pt"), "weights");
    end(process.env.RANK ? 0 : 130, "cancelled", `${asked} after step 1`);
  }
  const last = words.includes("--stop-after")
    ? Number(words[words.indexOf("--stop-after") + 1])
    : 4;
  for (const n of [2, 3, 4]) if (n <= last) step(n);
  if (last < 4) end(0, "cancelled", `stopped after step ${last} of 4, as asked`);
  write("eval", { step: 4, epoch: 1, split: "test", metrics: { top1: 91.25, loss: 0.25 } });
  end(0, "completed");
}
