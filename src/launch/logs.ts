import { join } from "node:path";
import type { JobLogs } from "./launcher.js";

/** Where a training's output goes; machines that join a run (`node` over 0) have files of their own. */
export function logsOf(directory: string, node = 0): JobLogs {
  const which = node === 0 ? "" : `-node${node}`;
  return {
    stdout: join(directory, `stdout${which}.log`),
    stderr: join(directory, `stderr${which}.log`),
  };
}
