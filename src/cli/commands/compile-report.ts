import type { Command } from "commander";
import { ARCHES, DTYPES } from "../../harness/architectures.js";
import { type ActionMaker, EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";

interface CompileReportOptions {
  readonly arch: string;
  readonly dtype: string;
}

/** `fovea compile-report`: what kernels take of a GPU, without a GPU. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("compile-report")
    .description("compile kernels ahead of time, without a GPU; a spill of registers fails")
    .argument("<target>", "a generated package, a kernel file, a declaration or a shipped name")
    .option("--arch <list>", `of ${ARCHES.join(", ")}`, "sm_80,sm_90,sm_100,sm_120")
    .option("--dtype <list>", `of ${DTYPES.join(", ")}`, "bf16,fp32")
    .option("--json", "print {kernels: [{kernel, arch, registers, spills, shared, mma, …}]}")
    .allowExcessArguments(false)
    .action(action(compileReport));
}

async function compileReport(
  io: Io,
  target: string,
  options: CompileReportOptions,
): Promise<ExitCode> {
  const cwd = process.cwd();
  const [{ parseChoices }, { withTargets }, { findPython }, { compileKernels }, { compileTable }] =
    await Promise.all([
      import("../choices.js"),
      import("../verify/targets.js"),
      import("../../launch/python.js"),
      import("../../harness/compile-kernels.js"),
      import("../compile-report/table.js"),
    ]);
  const arches = parseChoices("--arch", options.arch, ARCHES);
  const dtypes = parseChoices("--dtype", options.dtype, DTYPES);
  return await withTargets(target, cwd, async (targets) => {
    const { passed, kernels, document } = await compileKernels(targets, {
      python: findPython(cwd),
      arches,
      dtypes,
      onNote: io.note,
    });
    if (io.json) await io.result(document);
    else if (kernels.length > 0) await io.print(compileTable(kernels));
    return passed ? EXIT.done : EXIT.failed;
  });
}
