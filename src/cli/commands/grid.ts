import type { Command } from "commander";
import type { GridPair } from "../../ir/grid.js";
import { type ActionMaker, EXIT } from "../command.js";
import { GRID_FLAGS } from "../grid-flags.js";
import type { GridOptions } from "../grid-options.js";

interface Options extends GridOptions {
  readonly svg?: string;
}

/** `fovea grid`: draws and counts a pair of sharing grids. */
export function register(program: Command, action: ActionMaker): void {
  const command = program
    .command("grid")
    .description("draw and count the sharing grid of a kernel")
    .allowExcessArguments(false);
  for (const [flags, help] of GRID_FLAGS) command.option(flags, help);
  command
    .option("--svg <file>", "write the picture as SVG too")
    .option("--json", "print the grid as JSON")
    .action(
      action(async (io, options: Options) => {
        const { parseGridOptions } = await import("../grid-options.js");
        const pair = parseGridOptions(options);
        if (options.svg !== undefined) {
          await writeSvg(options.svg, pair);
          io.note(`wrote ${options.svg}`);
        }
        if (io.json) {
          await io.result(await describeGrid(pair));
        } else {
          const { drawGrid } = await import("../../report/grid-terminal.js");
          await io.print(drawGrid(pair, { color: io.color }));
        }
        return EXIT.done;
      }),
    );
}

/** The document of `fovea grid --json`. */
async function describeGrid(pair: GridPair): Promise<object> {
  const { kernelSize, zoneCount } = await import("../../analyse/grid.js");
  const kernel = kernelSize(pair);
  const parameters = zoneCount(pair);
  const dense = kernel[0] * kernel[1];
  return {
    kernel,
    rows: pair.rows,
    columns: pair.columns,
    parameters,
    dense,
    share: parameters / dense,
  };
}

async function writeSvg(file: string, pair: GridPair): Promise<void> {
  const { writeFile } = await import("node:fs/promises");
  const { gridSvg } = await import("../../report/grid-svg.js");
  const { diskError } = await import("../../disk/disk-error.js");
  if (file === "") {
    const { optionMistake } = await import("../whole.js");
    throw optionMistake("--svg", file, "names no file", { fix: "write --svg FILE.svg" });
  }
  const text = gridSvg(pair);
  try {
    await writeFile(file, text);
  } catch (error) {
    throw diskError(error, file);
  }
}
