import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { LaunchOptions } from "../../src/ir/run.js";
import type { TrainingTask } from "../../src/launch/launcher.js";
import { torchrunEnvironment, torchrunWords } from "../../src/launch/torchrun.js";

function task(launch: Partial<LaunchOptions>, more: Partial<TrainingTask> = {}): TrainingTask {
  return {
    directory: "/runs/a-1",
    run: "a-1",
    resume: false,
    device: null,
    launch: LaunchOptions.parse({ launcher: "torchrun", ...launch }),
    node: null,
    python: "/venv/bin/python",
    cwd: "/",
    env: {},
    verify: null,
    ...more,
  };
}

test("one machine: a free port, no network, the interpreter as it was given", () => {
  const words = torchrunWords(task({ processes: 2, keep: 3, heartbeat: 20, maxRestarts: 1 }));
  expect(words.join(" ")).toBe(
    "-m torch.distributed.run --nnodes 1 --nproc-per-node 2 --max-restarts 1 --rdzv-id a-1" +
      " --rdzv-backend c10d --rdzv-endpoint localhost:0 --local-addr 127.0.0.1" +
      " --no-python -- /venv/bin/python -m fovea_runtime.train --run /runs/a-1 --keep 3 --heartbeat 20",
  );
});

test("several machines meet where they are told, and number 0 has rank 0", () => {
  const node = { rank: 1, rendezvous: { host: "node0", port: 29400 } };
  const words = torchrunWords(
    task({ processes: 8, nodes: 2 }, { node, resume: true, device: "cuda" }),
  );
  expect(words.join(" ")).toContain(
    "--nnodes 2 --nproc-per-node 8 --max-restarts 0 --rdzv-id a-1 --rdzv-backend static --node-rank 1 --master-addr node0 --master-port 29400",
  );
  expect(words.slice(-7).join(" ")).toBe("--resume --device cuda --keep 1 --heartbeat 600");
});

test("cores are shared out, and the user's own environment wins", () => {
  const cores = availableParallelism();
  expect(torchrunEnvironment(task({ processes: 1 }))).toMatchObject({
    OMP_NUM_THREADS: String(cores),
    GLOO_SOCKET_IFNAME: "lo",
  });
  expect(torchrunEnvironment(task({ processes: 10_000 }))).toMatchObject({ OMP_NUM_THREADS: "1" });
  const own = { OMP_NUM_THREADS: "7", GLOO_SOCKET_IFNAME: "eth0" };
  expect(torchrunEnvironment(task({ processes: 2 }, { env: own }))).toMatchObject(own);
  const node = { rank: 0, rendezvous: { host: "node0", port: 29400 } };
  expect(torchrunEnvironment(task({ nodes: 2 }, { node }))).not.toHaveProperty(
    "GLOO_SOCKET_IFNAME",
  );
});
