import { type Command, Option } from "commander";
import type { RequestedDevice } from "../../harness/resolve-device.js";
import type { DataBenchOptions } from "../bench/data.js";
import { type ActionMaker, EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";

interface BenchOptions {
  readonly device: RequestedDevice;
  readonly shape: readonly string[];
  readonly dtype: string;
  readonly threads?: string;
  readonly rounds?: string;
  readonly out?: string;
  readonly compare?: string;
  readonly tolerance: string;
  readonly network?: boolean;
  readonly peer: readonly string[];
  readonly batch?: string;
  readonly size?: string;
}

/**
 * `fovea bench`: kernels, or whole networks, against their peers, behind the correctness gate, and
 * `fovea bench data`.
 */
export function register(program: Command, action: ActionMaker): void {
  const command = program
    .command("bench")
    .description(
      "time kernels beside every peer and the memory floor, or with --network whole networks beside models of timm; what is wrong is not timed",
    )
    .argument("<target>", "a generated package, a kernel file, a declaration or a shipped name")
    .option("--network", "time whole networks: images a second in inference and in training")
    .addOption(
      new Option(
        "--peer <timm:name>",
        "with --network: a model of timm beside them; may be repeated",
      )
        .argParser((word: string, before: readonly string[]) => [...before, word])
        .default([], "none"),
    )
    .option("--batch <N>", "with --network: images (default: 64, on a CPU 4)")
    .option("--size <N>", "with --network: image size, N or HxW, in place of the network's own")
    .addOption(
      new Option("--device <device>", "where to run them")
        .choices(["auto", "cpu", "cuda"])
        .default("auto"),
    )
    .addOption(
      new Option("--shape <[kernel=]n,c,h,w>", "maps, for one kernel or all; may be repeated")
        .argParser((word: string, before: readonly string[]) => [...before, word])
        .default([], "those of the network"),
    )
    .addOption(
      new Option("--dtype <dtype>", "of maps and weights")
        .choices(["fp32", "bf16", "fp16"])
        .default("fp32"),
    )
    .option("--threads <count>", "CPU threads")
    .option("--rounds <count>", "most samples a candidate and direction")
    .option("--out <dir>", "folder for bench.json, bench.md and bench.svg")
    .option("--compare <file>", "an earlier bench.json: what became slower beside the best peer")
    .option("--tolerance <share>", "by which a compared ratio may grow", "0.10")
    .option(
      "--json",
      "print {kernels: [{kernel, hash, device, shapes: [{candidates, …}], …}]}, with --network {networks: [{name, forward, forward_backward, …}], …}",
    )
    .allowExcessArguments(false)
    .action(action(bench));
  registerData(command, action);
}

function registerData(command: Command, action: ActionMaker): void {
  command
    .command("data")
    .description(
      "time how fast training gets its images, decoded and augmented, beside torchvision's loader and the reading of their bytes",
    )
    .argument("<file>", "an experiment, or a file whose default export is data")
    .option("--workers <n,…>", "numbers of processes that decode (default: 0 and the data's own)")
    .option("--batches <N>", "batches a sample (default: 8)")
    .option("--rounds <N>", "samples of each, by turns (default: 3)")
    .option("--batch <N>", "images a batch (default: the recipe's; 16 for dense tasks)")
    .option("--json", "print {type, open, rows: [{workers, ours, floor, peer, …}], …}")
    .allowExcessArguments(false)
    .action(action(benchData));
}

async function benchData(
  io: Io,
  file: string,
  _options: DataBenchOptions,
  command: Command,
): Promise<ExitCode> {
  const { refuseForeign, runDataBench } = await import("../bench/data.js");
  refuseForeign(command);
  // Options that `bench` has too are taken by it, wherever they stand.
  return await runDataBench(io, file, command.optsWithGlobals());
}

async function bench(io: Io, target: string, options: BenchOptions): Promise<ExitCode> {
  const cwd = process.cwd();
  const [parse, { readEarlier, readMeasured }, { withTargets }, { compareBench, comparisonLines }] =
    await Promise.all([
      import("../bench/options.js"),
      import("../bench/documents.js"),
      import("../verify/targets.js"),
      import("../../report/bench-changes.js"),
    ]);
  const shapes = parse.checkShapes(options.shape);
  const threads = parse.parseCount("--threads", options.threads, "threads", "2");
  const rounds = parse.parseCount("--rounds", options.rounds, "rounds", "15");
  parse.refuseMixed(options);
  if (options.network === true) {
    const { benchWholeNetworks } = await import("../bench/networks.js");
    return await benchWholeNetworks(io, target, { ...options, threads, rounds });
  }
  const tolerance = parse.parseTolerance(options.tolerance);
  const earlier = options.compare === undefined ? null : readEarlier(options.compare);
  return await withTargets(target, cwd, async (targets) => {
    const [{ findPython }, { resolveDevice }, { benchKernels }, { benchShapes }, writing] =
      await Promise.all([
        import("../../launch/python.js"),
        import("../../harness/resolve-device.js"),
        import("../../harness/bench-kernels.js"),
        import("../../harness/bench-shapes.js"),
        import("../../report/write-bench.js"),
      ]);
    const python = findPython(cwd);
    const { type: device } = await resolveDevice(options.device, python);
    if (options.out !== undefined) writing.makeBenchFolder(options.out);
    const measured = await benchKernels(targets, {
      python,
      device,
      dtype: options.dtype,
      shapes: shapes.length > 0 ? shapes : benchShapes(targets, device),
      threads,
      rounds,
      onNote: io.note,
    });
    const found = readMeasured(measured, target);
    if (options.out !== undefined) {
      for (const file of writing.writeBench(found, options.out)) io.note(`wrote ${file}`);
    }
    const comparison = earlier === null ? null : compareBench(earlier, found, tolerance);
    if (io.json) {
      await io.result(comparison === null ? found : { ...found, comparison });
    } else {
      const { benchText } = await import("../../report/bench-text.js");
      for (const kernel of found.kernels) await io.print(`${benchText(kernel)}\n`);
    }
    if (comparison !== null) await io.print(comparisonLines(comparison).join("\n"));
    const held = measured.exitCode === 0 && comparison?.worse !== true;
    return held ? EXIT.done : EXIT.failed;
  });
}
