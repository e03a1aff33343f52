import type { StopSignal } from "./launcher.js";
import { isAlive, type ProcessIdentity } from "./process-identity.js";

/** Sends a signal to exactly this process, where it still runs. */
export function sendSignal(to: ProcessIdentity, signal: StopSignal | "SIGKILL"): void {
  if (to.pid === null || !isAlive(to)) return;
  try {
    process.kill(to.pid, signal);
  } catch (error) {
    // It may end between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
