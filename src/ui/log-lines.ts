import { lstatSync } from "node:fs";
import { join } from "node:path";
import { printable } from "../ir/printable.js";
import { lastLines } from "../runs/log-tail.js";
import type { LogAnswer } from "./wire.js";

const MOST = 200;

/** The last lines of what a run printed, fit to be shown. */
export function logLines(directory: string): LogAnswer {
  return {
    stdout: tail(join(directory, "stdout.log")),
    stderr: tail(join(directory, "stderr.log")),
  };
}

/** Only of a file that is the run's own: a link may lead anywhere, a pipe may never answer. */
function tail(path: string): readonly string[] | null {
  try {
    if (!lstatSync(path).isFile()) return null;
  } catch {
    return null;
  }
  return lastLines(path, MOST).map(printable);
}
