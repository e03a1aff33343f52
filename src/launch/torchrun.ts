import { availableParallelism, networkInterfaces } from "node:os";
import type { JobHandle, Launcher, StopSignal, TrainingTask, UnderWay } from "./launcher.js";
import { logsOf } from "./logs.js";
import { isAlive } from "./process-identity.js";
import { processesOf } from "./processes-of.js";
import { sendSignal } from "./send-signal.js";
import { startProcess } from "./start-process.js";
import { trainingWords } from "./training-words.js";

/**
 * Trains in several processes, on this machine or, started on each, on several.
 *
 * torchrun puts every process into a session of its own: a terminal's Ctrl-C reaches torchrun, which
 * passes it on. Who asks otherwise asks the first process, and all agree at their next step.
 */
export const torchrunLauncher = {
  submit: (task: TrainingTask) =>
    startProcess(
      { ...task, env: torchrunEnvironment(task) },
      torchrunWords(task),
      logsOf(task.directory, task.node?.rank),
    ),
  status: (job: JobHandle) => (isAlive(job) ? "alive" : "gone"),
  ask: ({ started, python }: UnderWay, signal: StopSignal) => {
    if (python !== null) sendSignal(python, signal);
    // Until there is a process there is nothing to save, and while it waits for other machines
    // torchrun hears nothing but the signal that it has not taken over yet.
    else if (started !== null) sendSignal(started, "SIGTERM");
  },
  kill: ({ directory, started, python }: UnderWay) => {
    // torchrun first: it must not start anew what is killed.
    for (const handle of [started, python, ...processesOf(directory)]) {
      if (handle !== null) sendSignal(handle, "SIGKILL");
    }
  },
  logs: logsOf,
} satisfies Launcher;

/** Everything after the interpreter. */
export function torchrunWords(task: TrainingTask): readonly string[] {
  const { launch, node, run, python } = task;
  return [
    ...["-m", "torch.distributed.run"],
    ...["--nnodes", String(launch.nodes), "--nproc-per-node", String(launch.processes)],
    ...["--max-restarts", String(launch.maxRestarts), "--rdzv-id", run],
    ...(node === null
      ? // A free port, found by the system, and addresses that need no network.
        ["--rdzv-backend", "c10d", "--rdzv-endpoint", "localhost:0", "--local-addr", "127.0.0.1"]
      : // Only a static rendezvous gives node 0 the process of rank 0, which writes the run.
        [
          ...["--rdzv-backend", "static", "--node-rank", String(node.rank)],
          ...["--master-addr", node.rendezvous.host],
          ...["--master-port", String(node.rendezvous.port)],
        ]),
    // The interpreter as it was given; after the dashes torchrun's parser reads nothing.
    ...["--no-python", "--", python, ...trainingWords(task)],
  ];
}

/** What is set only where the user's own environment says nothing. */
export function torchrunEnvironment({
  env,
  node,
  launch,
}: Pick<TrainingTask, "env" | "node" | "launch">): Readonly<Record<string, string>> {
  return {
    // torchrun itself would take one thread a process.
    OMP_NUM_THREADS: String(Math.max(1, Math.floor(availableParallelism() / launch.processes))),
    // torchrun would die of the signal that some schedulers send before they end a job.
    PET_SIGNALS_TO_HANDLE: "SIGTERM,SIGINT,SIGHUP,SIGQUIT,SIGUSR1",
    // One machine's processes need no network.
    ...(node === null ? loopback() : {}),
    ...env,
  };
}

function loopback(): Readonly<Record<string, string>> {
  const found = Object.entries(networkInterfaces()).find(([, addresses = []]) =>
    addresses.some(({ address }) => address === "127.0.0.1"),
  );
  return found === undefined ? {} : { GLOO_SOCKET_IFNAME: found[0] };
}
