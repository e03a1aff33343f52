import type { Command } from "commander";
import { type ActionMaker, EXIT } from "../command.js";
import { GRID_FLAGS } from "../grid-flags.js";
import type { GridOptions } from "../grid-options.js";
import type { Io } from "../io.js";

interface Options extends GridOptions {
  readonly out?: string;
}

/** `fovea kernel`: one self-contained file with the operator of a pair of sharing grids. */
export function register(program: Command, action: ActionMaker): void {
  const command = program
    .command("kernel [K]")
    .description("emit one kernel as a self-contained Python file (torch, triton)")
    .allowExcessArguments(false);
  for (const [flags, help] of GRID_FLAGS) command.option(flags, help);
  command.option("--out <file>", "write the file here in place of stdout").action(
    action(async (io, written: string | undefined, options: Options) => {
      const pair = await readPair(written, options);
      const { emitKernel } = await import("../../emit/kernel.js");
      const { kernelCommand } = await import("../../emit/kernel-command.js");
      const { text } = emitKernel(pair, { command: kernelCommand(pair) });
      if (options.out === undefined) await io.print(text.trimEnd());
      else await writeKernel(io, options.out, text);
      return EXIT.done;
    }),
  );
}

async function readPair(written: string | undefined, options: Options) {
  const { parseGridOptions } = await import("../grid-options.js");
  if (written === undefined) return parseGridOptions(options);
  if (options.kernel !== undefined) {
    const { FoveaError } = await import("../../ir/error.js");
    throw new FoveaError({
      code: "FOV0040",
      message: `the kernel is given twice, as ${written} and as --kernel ${options.kernel}`,
      path: "--kernel",
      value: options.kernel,
      fix: "leave out one of them",
    });
  }
  return parseGridOptions({ ...options, kernel: written });
}

async function writeKernel(io: Io, out: string, text: string): Promise<void> {
  const { resolve } = await import("node:path");
  const { FoveaError } = await import("../../ir/error.js");
  const { writeFile } = await import("../../emit/write-files.js");
  if (out === "" || /[\\/]$/.test(out)) {
    throw new FoveaError({
      code: "FOV0040",
      message: `--out ${JSON.stringify(out)} names no file`,
      path: "--out",
      value: out,
      fix: "write --out FILE.py",
    });
  }
  const file = resolve(out);
  // A stdout that is a socket cannot be opened by its name.
  if (file === "/dev/stdout") return await io.print(text.trimEnd());
  writeFile(file, text);
  io.note(`wrote ${out}`);
}
