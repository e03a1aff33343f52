import { Command } from "commander";
import type { ActionMaker, CommandModule } from "../../src/cli/command.js";
import { reportFailure } from "../../src/cli/failure.js";
import type { Io } from "../../src/cli/io.js";

/** What a command left behind. */
export interface Outcome {
  exit: number;
  stdout: string;
  stderr: string;
  /** What stdout holds, read as JSON. */
  json(): unknown;
}

/**
 * Runs one command in this process with its words captured; failures are reported as `fovea`
 * itself does.
 */
export async function runCommand(
  { register }: CommandModule,
  words: readonly string[],
  { color = false } = {},
): Promise<Outcome> {
  const written = { stdout: "", stderr: "" };
  const json = words.includes("--json");
  const io: Io = {
    json,
    verbose: false,
    interactive: false,
    color,
    errorColor: false,
    result: async (value) => {
      written.stdout += `${JSON.stringify(value)}\n`;
    },
    print: async (text) => {
      written[json ? "stderr" : "stdout"] += `${text}\n`;
    },
    note: (text) => {
      written.stderr += `${text}\n`;
    },
  };
  let exit = 0;
  const program = new Command("fovea").exitOverride().configureOutput({ outputError: () => {} });
  const action: ActionMaker =
    (run) =>
    async (...args) => {
      try {
        exit = await run(io, ...args);
      } catch (error) {
        exit = await reportFailure(error, io);
      }
    };
  register(program, action);
  await program.parseAsync([...words], { from: "user" });
  return { exit, ...written, json: () => JSON.parse(written.stdout) };
}
