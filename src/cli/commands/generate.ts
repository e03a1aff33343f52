import type { Command } from "commander";
import { type ActionMaker, EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";

interface Options {
  readonly out: string;
  readonly check?: boolean;
  readonly watch?: boolean;
  readonly force?: boolean;
  readonly tuned?: string;
}

/** `fovea generate`: emits a Python package for each network of a file. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("generate <file>")
    .description("emit a PyTorch package for each network of a file or of a shipped name")
    .requiredOption(
      "--out <dir>",
      "folder that holds a folder a network, and index.ts with their layers as types",
    )
    .option("--check", "write nothing; list what differs and exit 1 if anything does")
    .option("--watch", "emit again whenever the file, or one that it imports, changes")
    .option("--force", "overwrite files that were edited by hand")
    .option(
      "--tuned <file>",
      "a table of `fovea tune` for the kernels' launches; nothing else is read",
    )
    .option("--json", "print {networks: [{name, dir, files}], index} as JSON")
    .allowExcessArguments(false)
    .action(
      action(async (io, file: string, options: Options) => {
        await refuseTogether(io, options);
        if (!options.watch) return await generateOnce(io, file, options);
        const { watchAndGenerate } = await import("../generate/watch.js");
        return await watchAndGenerate(io, file, options);
      }),
    );
}

async function refuseTogether(io: Io, { out, check, watch }: Options): Promise<void> {
  const { FoveaError } = await import("../../ir/error.js");
  const other = check ? "--check" : io.json ? "--json" : undefined;
  if (watch && other !== undefined) {
    throw new FoveaError({
      code: "FOV0040",
      message: `--watch cannot be combined with ${other}`,
      path: "--watch",
      fix: `leave out --watch or ${other}`,
    });
  }
  if (out === "") {
    throw new FoveaError({
      code: "FOV0040",
      message: '--out "" names no folder',
      path: "--out",
      value: out,
      fix: "write --out DIR",
    });
  }
}

async function generateOnce(io: Io, file: string, options: Options): Promise<ExitCode> {
  const [
    { loadTarget },
    { hasEdits, isRight },
    { generatePackages },
    describe,
    { commandLine },
    { readTunedOption },
  ] = await Promise.all([
    import("../../load/load-target.js"),
    import("../../harness/put-packages.js"),
    import("../generate/packages.js"),
    import("../generate/describe.js"),
    import("../generate/command-line.js"),
    import("../tuned-option.js"),
  ]);
  const check = options.check === true;
  const tuned = readTunedOption(options.tuned);
  const { source, networks, origins } = await loadTarget(file, {
    cwd: process.cwd(),
    note: io.note,
  });
  const { out, force = false } = options;
  const standing = generatePackages({
    source,
    networks,
    origins,
    out,
    tuned,
    check,
    force,
    note: io.note,
  });
  if (io.json) await io.result(describe.packagesDocument(standing));
  else await io.print(describe.describeStanding(standing, out, check));
  if (!check || isRight(standing)) return EXIT.done;
  const words = ["fovea", "generate", file, "--out", out];
  if (options.tuned !== undefined) words.push("--tuned", options.tuned);
  if (hasEdits(standing)) words.push("--force");
  io.note(`to put it right: ${commandLine(words)}`);
  return EXIT.failed;
}
