import { join } from "node:path";
import { printable } from "../../ir/printable.js";
import { logsOf } from "../../launch/logs.js";
import { failureLine, readWorkerLog } from "../../launch/worker-log.js";
import { lastLines } from "../../runs/log-tail.js";
import type { RunRow } from "../../runs/run-row.js";

/** As much of a log as holds what torchrun says at its end. */
const READ_LINES = 1000;
/** A traceback's line of where it was. */
const FRAME = /^ *File "([^"]+)", line \d+/;
/** As much of Python's words as shows where it happened. */
const SHOWN_LINES = 12;

/** What to say of a run that did not complete: why, what to do, and where its log is. */
export function endingOf({ run, status, reason, dir }: RunRow): readonly string[] {
  const log = logsOf(dir).stderr;
  const why = printable(reason ?? "no reason is known");
  switch (status) {
    case "completed":
    case "queued":
    case "running":
      return [];
    case "cancelled":
      return [`cancelled: ${why}`, `go on with it: fovea run --resume ${run}`];
    case "diverged":
      return [
        `diverged: ${why}`,
        "unless the images or a layer's own code are to blame: try a smaller learning rate (--set recipe.lr=…), a longer warm-up (--set recipe.warmupSteps=…) or clipping (--set recipe.clipGrad=1)",
        `the steps before it: ${join(dir, "diverged.json")}`,
      ];
    case "out_of_memory":
      return [
        `out of memory: ${why}`,
        "try smaller pieces of the same batch (--set recipe.accumulate=…), a smaller batch (--set recipe.batch=…) or a smaller input",
        `the whole log: ${log}`,
      ];
    case "lost":
      // Of a process that was stuck the log ends with the stacks of its threads.
      return [`lost: ${why}`, `the whole log: ${log}`, `go on with it: fovea run --resume ${run}`];
    case "failed": {
      const words = lastWords(log);
      return [
        ...(isMistake(why, words) ? [] : words.map((line) => `  ${printable(line)}`)),
        `${status}: ${why}`,
        `the whole log: ${log}`,
        ...(isMistake(why, words)
          ? ["where the settings are to blame, mend them and run the experiment anew; otherwise"]
          : []),
        `go on with it: fovea run --resume ${run}`,
      ];
    }
  }
}

/** Whether fovea's own Python refused something of the user's: then its message says all. */
function isMistake(why: string, words: readonly string[]): boolean {
  const frame = words.findLast((line) => FRAME.test(line));
  return (
    /^(rank \d+: )?ValueError: /.test(why) &&
    /[\\/]fovea_runtime[\\/]/.test(FRAME.exec(frame ?? "")?.[1] ?? "")
  );
}

/** The training's own last lines: of several processes, up to the error that ended the others. */
function lastWords(log: string): readonly string[] {
  const { lines, failure } = readWorkerLog(lastLines(log, READ_LINES));
  const said = failure === null ? null : failureLine(lines);
  const end = said === null ? lines.length : lines.findLastIndex((line) => line.endsWith(said)) + 1;
  return lines.slice(0, end).slice(-SHOWN_LINES);
}
