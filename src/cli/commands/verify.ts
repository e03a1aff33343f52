import { type Command, Option } from "commander";
import type { RequestedDevice } from "../../harness/resolve-device.js";
import { type ActionMaker, EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";

interface VerifyOptions {
  readonly device: RequestedDevice;
}

/** `fovea verify`: kernels against float64, forward and all gradients. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("verify")
    .description("hold kernels against float64, forward and all gradients, and certify them")
    .argument("<target>", "a generated package, a kernel file, a declaration or a shipped name")
    .addOption(
      new Option("--device <device>", "where to run them")
        .choices(["auto", "cpu", "cuda"])
        .default("auto"),
    )
    .option("--json", "print {kernels: [{kernel, hash, device, versions, limits, errors, passed}]}")
    .allowExcessArguments(false)
    .action(action(verify));
}

async function verify(io: Io, target: string, options: VerifyOptions): Promise<ExitCode> {
  const cwd = process.cwd();
  const [{ withTargets }, { findPython }, { resolveDevice }, { verifyKernels }, report] =
    await Promise.all([
      import("../verify/targets.js"),
      import("../../launch/python.js"),
      import("../../harness/resolve-device.js"),
      import("../../harness/verify-kernels.js"),
      import("../verify/certificates.js"),
    ]);
  return await withTargets(target, cwd, async (targets) => {
    const python = findPython(cwd);
    const { type: device } = await resolveDevice(options.device, python);
    const onNote = (line: string): void => io.note(line);
    const verification = await verifyKernels(targets, { python, device, onNote });
    const kernels = report.readCertificates(verification, target);
    if (io.json) await io.result(verification.document);
    else for (const certificate of kernels) await io.print(report.describe(certificate));
    return verification.passed ? EXIT.done : EXIT.failed;
  });
}
