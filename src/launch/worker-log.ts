/** The process whose end torchrun gives as the cause of all others' ends. */
interface FirstFailure {
  readonly rank: number;
  /** `null` where it ended by itself. */
  readonly signal: string | null;
  readonly exitCode: number | null;
}

/** A log of stderr without what torchrun says of its own, and what that comes to. */
export interface WorkerLog {
  /** Lines of the training processes, oldest first. */
  readonly lines: readonly string[];
  readonly failure: FirstFailure | null;
  /** The signal that torchrun itself ended for. */
  readonly stopped: number | null;
}

/** `E1125 02:49:36.754000 18206 /…/torch/distributed/elastic/…/api.py:1002] failed (exitcode: 1) …` */
const OWN_LINE = /^[IWEF]\d{4} \S+ +\d+ .*torch\/distributed\/(elastic|run|launcher)\S*:\d+\]/;
const TRACEBACK = "Traceback (most recent call last):";
const OWN_ERROR =
  /^torch\.distributed\.elastic\.multiprocessing\.(errors\.ChildFailedError|api\.SignalException):/;
const STOPPED = /SignalException: Process \d+ got signal: (\d+)/;
const RANK = /^ *rank *: (\d+)/;
const EXIT = /^ *exitcode *: (-?\d+) \(pid: \d+\)(?: +\((\w+)\))?/;

/**
 * Parts a log into the training's words and torchrun's: a line for each process that it stops, and
 * at its end a traceback of its own with a table of all failures. A log without torchrun comes back
 * as it is.
 */
export function readWorkerLog(log: readonly string[]): WorkerLog {
  const lines: string[] = [];
  let failure: FirstFailure | null = null;
  let stopped: number | null = null;
  for (let at = 0; at < log.length; at += 1) {
    const line = log[at] ?? "";
    if (OWN_ERROR.test(line)) {
      const began = lines.lastIndexOf(TRACEBACK);
      if (began >= 0) lines.length = began;
      const signal = STOPPED.exec(line)?.[1];
      if (signal === undefined) {
        failure = firstFailure(log.slice(at));
        at = endOfTable(log, at);
      } else stopped = Number(signal);
    } else if (!OWN_LINE.test(line)) lines.push(line);
  }
  return { lines, failure, stopped };
}

function firstFailure(table: readonly string[]): FirstFailure | null {
  const root = table.slice(table.findIndex((line) => line.startsWith("Root Cause")));
  const rank = found(root, RANK);
  const exit = found(root, EXIT);
  if (rank === null || exit === null) return null;
  const code = Number(exit[1]);
  const signal = code < 0 ? (exit[2] ?? `signal ${-code}`) : null;
  return { rank: Number(rank[1]), signal, exitCode: code < 0 ? null : code };
}

function found(lines: readonly string[], pattern: RegExp): RegExpExecArray | null {
  for (const line of lines) {
    const match = pattern.exec(line);
    if (match !== null) return match;
  }
  return null;
}

/** The table stands between two double rules. */
function endOfTable(log: readonly string[], from: number): number {
  const rules = [...log.entries()].filter(([at, line]) => at > from && /^={20,}$/.test(line));
  return rules[1]?.[0] ?? log.length;
}

/** Last lines of errors that follow from another process's end. */
const ECHO =
  /Connection (closed|reset) by peer|Broken pipe|Socket closed|DistBackendError|DistNetworkError|NCCL|connectFullMesh|remote process exited/;
/** torch's hook sets the rank before the lines of an error. */
const PREFIX = /^\[rank\d+\]: /;
const ERROR = /^[A-Za-z_][\w.]*(: |$)/;

/**
 * The line that says what one of several processes failed of: the last error's that is not the echo
 * of another process's end, else the last error's, else the last line.
 */
export function failureLine(lines: readonly string[]): string | null {
  const words = lines.map((line) => line.replace(PREFIX, ""));
  // An error's line follows the indented ones of its traceback.
  const errors = words.filter((line, at) => ERROR.test(line) && /^ /.test(words[at - 1] ?? ""));
  return errors.findLast((line) => !ECHO.test(line)) ?? errors.at(-1) ?? words.at(-1) ?? null;
}
