import type { JobHandle, Launcher, UnderWay } from "./launcher.js";
import { logsOf } from "./logs.js";
import { isAlive } from "./process-identity.js";
import { sendSignal } from "./send-signal.js";
import { startProcess } from "./start-process.js";
import { trainingWords } from "./training-words.js";

/** Trains in a child process on this machine. */
export const localLauncher: Launcher = {
  submit: (task) => startProcess(task, trainingWords(task), logsOf(task.directory)),
  status: (job) => (isAlive(job) ? "alive" : "gone"),
  ask: (training, signal) => {
    for (const handle of handles(training)) sendSignal(handle, signal);
  },
  kill: (training) => {
    for (const handle of handles(training)) sendSignal(handle, "SIGKILL");
  },
  logs: logsOf,
};

/** The process that was started, and Python itself where that was a wrapper script around it. */
function handles({ started, python }: UnderWay): readonly JobHandle[] {
  const found = [started, python].filter((handle) => handle !== null);
  return started?.pid === python?.pid ? found.slice(0, 1) : found;
}
