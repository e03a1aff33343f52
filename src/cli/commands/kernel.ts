import type { Command } from "commander";
import type { GridPair, Size } from "../../ir/grid.js";
import { type ActionMaker, EXIT } from "../command.js";
import { GRID_FLAGS } from "../grid-flags.js";
import type { GridOptions } from "../grid-options.js";
import type { Io } from "../io.js";

interface Options extends GridOptions {
  readonly map?: readonly string[];
  readonly out?: string;
  readonly tuned?: string;
}

/** Maps of the usual backbones' four stages at 224×224, in pixels. */
const USUAL_MAPS: readonly Size[] = [
  [56, 56],
  [28, 28],
  [14, 14],
  [7, 7],
];

/** `fovea kernel`: one self-contained file with the operator of a pair of sharing grids. */
export function register(program: Command, action: ActionMaker): void {
  const command = program
    .command("kernel [K]")
    .description("emit one kernel as a self-contained Python file (torch, triton)")
    .allowExcessArguments(false);
  for (const [flags, help] of GRID_FLAGS) command.option(flags, help);
  command
    .option(
      "--map <N>",
      "plan Triton kernels for maps of N or HxW pixels; may be repeated (default: 56 28 14 7)",
      collect,
    )
    .option("--tuned <file>", "a table of `fovea tune` for its launches; nothing else is read")
    .option("--out <file>", "write the file here in place of stdout")
    .action(
      action(async (io, written: string | undefined, options: Options) => {
        const pair = await readPair(written, options);
        const text = await emit(pair, options, io.note);
        if (options.out === undefined) await io.print(text.trimEnd());
        else await writeKernel(io, options.out, text);
        return EXIT.done;
      }),
    );
}

async function emit(
  pair: GridPair,
  options: Options,
  note: (text: string) => void,
): Promise<string> {
  const [{ emitKernel }, { kernelCommand, withTable }, tunedOption] = await Promise.all([
    import("../../emit/kernel.js"),
    import("../../emit/kernel-command.js"),
    import("../tuned-option.js"),
  ]);
  const maps = await readMaps(options.map);
  const command = kernelCommand(pair, options.map === undefined ? [] : maps);
  const option = tunedOption.readTunedOption(options.tuned);
  const kernels = [{ pair, maps }];
  const tuned = tunedOption.tunedEntries(option, { name: "this kernel", kernels, note });
  return tunedOption.namingTable(option, () => {
    return emitKernel({ pair, maps, tuned }, { command: withTable(command, tuned) }).text;
  });
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

async function readMaps(written: readonly string[] | undefined): Promise<readonly Size[]> {
  if (written === undefined) return USUAL_MAPS;
  const [{ parseSides }, { LIMITS }] = await Promise.all([
    import("../whole.js"),
    import("../../ir/limits.js"),
  ]);
  const rule = { option: "--map", most: LIMITS.inputSide, unit: "pixels", example: "56" };
  const maps = written.map((each) => parseSides(each, rule));
  return [...new Map(maps.map((map) => [map.join("x"), map])).values()];
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
  const { writeFile } = await import("../../disk/write-files.js");
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
