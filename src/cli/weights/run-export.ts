import { convertWeights } from "../../harness/convert-weights.js";
import type { WeightFormat } from "../../harness/weight-formats.js";
import { findPython } from "../../launch/python.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { sourceFile, targetFile } from "./paths.js";
import { ExportReport, exportText } from "./reports.js";
import { withPackage } from "./with-package.js";

/** The options of `fovea weights export`. */
export interface ExportOptions {
  readonly from: string;
  readonly network: string;
  readonly format: WeightFormat;
  readonly out: string;
  readonly ema?: boolean;
}

const EXTENSIONS = [".pth", ".pt", ".safetensors"];

/** @throws FoveaError for every mistake in the options and in the file; nothing is written then */
export async function runExport(io: Io, options: ExportOptions, cwd: string): Promise<ExitCode> {
  const from = sourceFile(options.from, cwd);
  const out = targetFile(options.out, cwd, { extensions: EXTENSIONS, source: from });
  const tools = { python: findPython(cwd), onNote: io.note };
  const source = { from, format: options.format, average: options.ema === true };
  const report = await withPackage(options.network, cwd, (folder) =>
    convertWeights({ do: "export", ...source, package: folder, out }, ExportReport, tools),
  );
  if (io.json) await io.result(report);
  else await io.print(exportText(report));
  return EXIT.done;
}
