import { FoveaError } from "../ir/error.js";

/** Deep enough to reach the user's frame through helpers and recursion. */
const STACK_DEPTH = 200;

/**
 * Runs code of the user's so that it cannot end, stall or change the tool: `process.exit` is a
 * mistake, so are a promise or a timer that fails unheard and one that never settles, and the
 * working directory, the exit code, `Error`'s settings and `Object.prototype` are put back.
 *
 * @throws whatever the code throws, or FoveaError FOV0033
 */
export async function guarded(evaluation: () => unknown): Promise<unknown> {
  const restore = saveProcess();
  try {
    return await new Promise<unknown>((resolve, reject) => {
      process.exit = refuseExit;
      Error.stackTraceLimit = STACK_DEPTH;
      process.on("unhandledRejection", reject);
      process.on("uncaughtException", reject);
      process.on("beforeExit", () => reject(neverSettled()));
      Promise.resolve()
        .then(evaluation)
        // Promises that failed unheard are told of before the next turn of the event loop.
        .then((value) => setImmediate(resolve, value), reject);
    });
  } finally {
    restore();
  }
}

const EVENTS = ["unhandledRejection", "uncaughtException", "beforeExit"] as const;

function saveProcess(): () => void {
  const { exit, exitCode } = process;
  const folder = process.cwd();
  const { stackTraceLimit, prepareStackTrace } = Error;
  const listeners = EVENTS.map((event) => ({ event, saved: process.rawListeners(event) }));
  for (const event of EVENTS) process.removeAllListeners(event);
  const inherited = new Set(Reflect.ownKeys(Object.prototype));
  return () => {
    for (const key of Reflect.ownKeys(Object.prototype)) {
      if (!inherited.has(key)) Reflect.deleteProperty(Object.prototype, key);
    }
    process.exit = exit;
    process.exitCode = exitCode;
    if (process.cwd() !== folder) process.chdir(folder);
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
    for (const { event, saved } of listeners) {
      process.removeAllListeners(event);
      for (const listener of saved) process.on(event, listener as () => void);
    }
  };
}

function refuseExit(code?: number | string | null): never {
  throw new FoveaError({
    code: "FOV0033",
    message: `the file calls process.exit(${code ?? ""}) while it loads`,
    allowed: "a file that declares a network or an experiment",
    fix: "remove the call, or throw an Error",
  });
}

function neverSettled(): FoveaError {
  return new FoveaError({
    code: "FOV0033",
    message: "the file awaits something that never happens",
    allowed: "a top-level await that settles",
    fix: "look for a promise that nothing resolves",
  });
}
