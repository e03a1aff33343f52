import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { FoveaError } from "../ir/error.js";

type Write = (text: string) => Promise<void>;

/** Where a command's words go. Only results are on stdout; all else is on stderr. */
export interface Io {
  /** Whether `--json` was given. */
  readonly json: boolean;
  /** Whether `--verbose` was given: failures show their stack. */
  readonly verbose: boolean;
  /** Whether stderr is a terminal that a progress line may be redrawn on. */
  readonly interactive: boolean;
  /** Whether stdout takes colour. */
  readonly color: boolean;
  /** Whether stderr takes colour. */
  readonly errorColor: boolean;
  /** Prints the command's one JSON document on stdout. */
  result(value: unknown): Promise<void>;
  /** Prints text on stdout, or on stderr where `--json` keeps stdout for the document. */
  print(text: string): Promise<void>;
  /** Prints text on stderr. */
  note(text: string): void;
}

let stdout: Write | undefined;

/** A writing function of `node:fs` that takes stdout's descriptor for stderr's. */
const WITHOUT_STDOUT = {
  apply: (write: (...args: never[]) => unknown, self: unknown, [to, ...rest]: unknown[]) =>
    Reflect.apply(write, self, [to === 1 ? 2 : to, ...rest] as never[]),
};

/**
 * Sends everything that is written to `process.stdout` to stderr, but for what goes through
 * {@link createIo}: user files may print, and must not spoil a result (contract, line 3).
 */
export function claimStdout(): void {
  if (stdout !== undefined) return;
  const write = process.stdout.write.bind(process.stdout);
  stdout = (text) =>
    new Promise((resolve, reject) => {
      write(text, (error) => (error ? reject(unwritable(error)) : resolve()));
    });
  process.stdout.write = process.stderr.write.bind(process.stderr);
  for (const name of ["write", "writeSync"] as const) {
    fs[name] = new Proxy<(...args: never[]) => unknown>(fs[name], WITHOUT_STDOUT) as never;
  }
  syncBuiltinESMExports();
  process.stdout.on("error", endOnClosedPipe);
  process.stderr.on("error", endOnClosedPipe);
}

/**
 * `fovea … | head` closes the pipe early, a terminal may be closed: that is no failure. Of another,
 * such as a full disk, who wrote is told; where stderr fails there is nowhere to tell it.
 */
function endOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE" || error.code === "EIO") process.exit(0);
}

function unwritable(error: Error): FoveaError {
  return new FoveaError({
    code: "FOV0051",
    message: `stdout cannot be written: ${error.message}`,
    fix: "free some space, or send the output elsewhere",
  });
}

function takesColor(stream: NodeJS.WriteStream): boolean {
  if (process.env["NO_COLOR"]) return false;
  if (process.env["FORCE_COLOR"] && process.env["FORCE_COLOR"] !== "0") return true;
  return stream.isTTY === true && process.env["TERM"] !== "dumb";
}

export function createIo(flags: { json?: boolean; verbose?: boolean }): Io {
  const json = flags.json === true;
  const emit: Write = (text) => (stdout ? stdout(text) : Promise.resolve());
  return {
    json,
    verbose: flags.verbose === true,
    interactive: process.stderr.isTTY === true && process.env["TERM"] !== "dumb",
    color: takesColor(process.stdout),
    errorColor: takesColor(process.stderr),
    result: (value) => emit(`${JSON.stringify(value, null, 2)}\n`),
    print: async (text) => {
      if (json) process.stderr.write(`${text}\n`);
      else await emit(`${text}\n`);
    },
    note: (text) => {
      process.stderr.write(`${text}\n`);
    },
  };
}
