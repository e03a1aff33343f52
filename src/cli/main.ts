import { Command, CommanderError } from "commander";
import { FoveaError } from "../ir/error.js";
import { foveaVersion } from "../ir/version.js";
import type { ActionMaker, CommandModule } from "./command.js";
import { EXIT } from "./command.js";
import { reportFailure } from "./failure.js";
import { claimStdout, createIo } from "./io.js";

/** One file a command; only the one that is called is loaded. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandModule>>> = {
  init: () => import("./commands/init.js"),
  setup: () => import("./commands/setup.js"),
  doctor: () => import("./commands/doctor.js"),
  zoo: () => import("./commands/zoo.js"),
  grid: () => import("./commands/grid.js"),
  inspect: () => import("./commands/inspect.js"),
  plan: () => import("./commands/plan.js"),
  explore: () => import("./commands/explore.js"),
  generate: () => import("./commands/generate.js"),
  retarget: () => import("./commands/retarget.js"),
  explain: () => import("./commands/explain.js"),
  schema: () => import("./commands/schema.js"),
  check: () => import("./commands/check.js"),
  upgrade: () => import("./commands/upgrade.js"),
  kernel: () => import("./commands/kernel.js"),
  verify: () => import("./commands/verify.js"),
  "compile-report": () => import("./commands/compile-report.js"),
  bench: () => import("./commands/bench.js"),
  tune: () => import("./commands/tune.js"),
  run: () => import("./commands/run.js"),
  sweep: () => import("./commands/sweep.js"),
  runs: () => import("./commands/runs.js"),
  replay: () => import("./commands/replay.js"),
  diff: () => import("./commands/diff.js"),
  weights: () => import("./commands/weights.js"),
  fuse: () => import("./commands/fuse.js"),
  export: () => import("./commands/export.js"),
  eval: () => import("./commands/eval.js"),
  erf: () => import("./commands/erf.js"),
  report: () => import("./commands/report.js"),
  ui: () => import("./commands/ui.js"),
};

/**
 * Runs the command line. Sets `process.exitCode` and never rejects.
 *
 * @param argv - the words after `fovea`
 */
export async function run(argv: readonly string[]): Promise<void> {
  claimStdout();
  enterCallersDirectory();
  const flags = { json: argv.includes("--json"), verbose: argv.includes("--verbose") };
  try {
    const program = await createProgram(argv[0]);
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    process.exitCode = await reportFailure(usageMistake(error), createIo(flags));
  }
  // A user's file may leave timers or sockets behind; the command is over all the same.
  process.exit();
}

/** The program with the named command, or with all of them where none is named (help, docs). */
export async function createProgram(name?: string): Promise<Command> {
  const program = new Command("fovea")
    .description(
      "Large-kernel vision networks: declare them in TypeScript, generate Triton kernels and PyTorch modules, train and compare.",
    )
    .version(foveaVersion(), "-V, --version", "print the version")
    .option("--verbose", "show the stack of a failure")
    .helpOption("-h, --help", "show help")
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void createIo({}).print(text.trimEnd()),
      outputError: () => {},
    });
  const load = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const modules = await Promise.all(
    load ? [load()] : Object.values(COMMANDS).map((each) => each()),
  );
  for (const module of modules) module.register(program, makeAction);
  return program;
}

const makeAction: ActionMaker =
  (action) =>
  async (...args) => {
    const command = args.at(-1) as Command;
    const io = createIo(command.optsWithGlobals());
    try {
      process.exitCode = await action(io, ...args);
    } catch (error) {
      process.exitCode = await reportFailure(error, io);
    }
  };

/** `npm run` starts in the checkout; the user's paths are meant from where they typed the command. */
function enterCallersDirectory(): void {
  const { npm_lifecycle_event: script, INIT_CWD: from } = process.env;
  if (script === "fovea" && from !== undefined && from !== "") process.chdir(from);
}

/** Commander's complaints about the command line are the user's mistakes; help and version are none. */
function usageMistake(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  if (error.exitCode === EXIT.done) return null;
  if (error.code === "commander.help") return null;
  return new FoveaError({
    code: "FOV0040",
    message: error.message.replace(/^error: /, "").replaceAll("\n", " "),
    fix: "fovea --help lists the commands, fovea COMMAND --help its options",
  });
}
