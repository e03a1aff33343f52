import { basename } from "node:path";
import { exportNetwork } from "../../harness/export-network.js";
import { findPython } from "../../launch/python.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { withTargets } from "../verify/targets.js";
import { optionMistake } from "../whole.js";
import {
  checkCombination,
  type ExportOptions,
  outPath,
  parseBatch,
  parseSize,
  weightsFile,
} from "./options.js";
import { exportText } from "./report-text.js";

/**
 * @returns `failed` where what was written computes something else; then nothing is kept
 * @throws FoveaError for every mistake in the options and in the weights
 */
export async function runExport(
  io: Io,
  target: string,
  options: ExportOptions,
  cwd: string,
): Promise<ExitCode> {
  checkCombination(options);
  const weights = weightsFile(options, cwd);
  const request = {
    format: options.format,
    weights,
    average: options.ema === true,
    fused: options.fused === true,
    size: parseSize(options.size),
    batch: parseBatch(options.batch),
    dtype: options.dtype,
    out: outPath(options, { cwd, weights }),
  };
  const tools = { python: findPython(cwd), onNote: io.note };
  const report = await withTargets(target, cwd, (packages) =>
    exportNetwork({ ...request, package: theOne(packages, target) }, tools),
  );
  if (io.json) await io.result(report);
  else await io.print(exportText(report));
  return report.passed ? EXIT.done : EXIT.failed;
}

/** @throws FoveaError FOV0040 where it is not the package of one network */
function theOne(packages: readonly string[], target: string): string {
  const [folder, ...others] = packages;
  if (folder !== undefined && others.length === 0 && !folder.endsWith(".py")) return folder;
  const wrong =
    folder === undefined
      ? "it declares no network"
      : folder.endsWith(".py")
        ? "this is a kernel file, not a network"
        : `it declares ${packages.length} networks (${packages.map((each) => basename(each)).join(", ")})`;
  throw optionMistake("TARGET", target, wrong, {
    allowed: "a shipped network, a declaration of one network or a generated package",
    fix: "name one network",
  });
}
