import { type Command, Option } from "commander";
import { DTYPES } from "../../harness/architectures.js";
import { type ActionMaker, EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import type { TuneDocument } from "../tune/document.js";

interface TuneOptions {
  readonly dtype: string;
  readonly batch: readonly string[];
  readonly out?: string;
}

/** `fovea tune`: the fastest tiles, warps and stages on the CUDA device at hand. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("tune")
    .description("search tiles, warps and stages on this CUDA device; generate --tuned reads them")
    .argument("<target>", "a generated package, a kernel file, a declaration or a shipped name")
    .option("--dtype <list>", `of ${DTYPES.join(", ")}`, DTYPES.join(","))
    .addOption(
      new Option("--batch <N>", "images, as the next power of two; may be repeated")
        .argParser((word: string, before: readonly string[]) => [...before, word])
        .default([], "64"),
    )
    .option("--out <file>", "the table, in place of FOVEA_CACHE/tuned/<arch>.json")
    .option("--json", "print {file, arch, device, versions, entries, cases, failures} as JSON")
    .allowExcessArguments(false)
    .action(action(tune));
}

async function tune(io: Io, target: string, options: TuneOptions): Promise<ExitCode> {
  const cwd = process.cwd();
  const [{ parseChoices }, { parseBatches, checkOut }, { withTargets }, { readTunedFileIfAny }] =
    await Promise.all([
      import("../choices.js"),
      import("../tune/options.js"),
      import("../verify/targets.js"),
      import("../../harness/tuned-file.js"),
    ]);
  const dtypes = parseChoices("--dtype", options.dtype, DTYPES);
  const batches = parseBatches(options.batch);
  if (options.out !== undefined) {
    checkOut(options.out);
    // Before the search: what it found in minutes could not be put there.
    readTunedFileIfAny(options.out, "--out");
  }
  return await withTargets(target, cwd, async (targets) => {
    const [{ findPython }, { requireCuda }, { tuneKernels }, { kernelMaps }, reading] =
      await Promise.all([
        import("../../launch/python.js"),
        import("../tune/require-cuda.js"),
        import("../../harness/tune-kernels.js"),
        import("../../harness/bench-shapes.js"),
        import("../tune/document.js"),
      ]);
    const python = findPython(cwd);
    await requireCuda(python);
    const tuning = await tuneKernels(targets, {
      python,
      dtypes,
      batches,
      channels: kernelMaps(targets).map(
        ({ kernel, channels, map }) => `${kernel}=${[channels, ...map].join(",")}`,
      ),
      onNote: io.note,
    });
    const found = reading.readTuning(tuning, target);
    const file = found.entries.length === 0 ? null : await keep(found, options.out, io);
    if (io.json) await io.result({ file, ...found });
    else {
      await io.print(reading.tuningText(found));
      if (file !== null) await io.print(`${reading.entriesText(found.entries)}: ${file}`);
    }
    return tuning.exitCode === 0 ? EXIT.done : EXIT.failed;
  });
}

async function keep(found: TuneDocument, out: string | undefined, io: Io): Promise<string> {
  const [{ join }, { cacheDirectory }, { writeTable }] = await Promise.all([
    import("node:path"),
    import("../../launch/cache-dir.js"),
    import("../tune/write-table.js"),
  ]);
  const { v, device, versions, entries } = found;
  const file = out ?? join(cacheDirectory(), "tuned", `${found.arch}.json`);
  const isOwn = out === undefined;
  writeTable(file, { v, device, versions, entries }, { isOwn, note: io.note });
  return file;
}
