import { readFileSync } from "node:fs";

/** A process, safe against a pid that is used again: `started` is in the kernel's own ticks. */
export interface ProcessIdentity {
  readonly pid: number | null;
  readonly started: string | null;
}

interface ProcessState {
  readonly state: string;
  readonly started: string;
}

/** Fields 3 and 22 of `/proc/<pid>/stat`; field 2 is in parentheses and may hold anything. */
function readState(pid: number): ProcessState | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, started] = [fields[0], fields[19]];
    return state !== undefined && started !== undefined ? { state, started } : null;
  } catch {
    return null;
  }
}

/** When a process started, in the kernel's ticks; `null` where the system does not say. */
export function startOf(pid: number): string | null {
  return readState(pid)?.started ?? null;
}

/** Whether exactly this process still runs; a zombie does not. */
export function isAlive({ pid, started }: ProcessIdentity): boolean {
  if (pid === null) return false;
  if (process.platform === "linux") {
    const now = readState(pid);
    if (now === null || now.state === "Z" || now.state === "X") return false;
    return started === null || started === now.started;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
