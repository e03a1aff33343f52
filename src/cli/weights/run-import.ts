import { convertWeights } from "../../harness/convert-weights.js";
import type { WeightFormat } from "../../harness/weight-formats.js";
import { LIMITS } from "../../ir/limits.js";
import { findPython } from "../../launch/python.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { optionMistake, parseWhole } from "../whole.js";
import { sourceFile, targetFile } from "./paths.js";
import { ImportReport, importText, Recognition } from "./reports.js";
import { runProject } from "./run-project.js";
import { withPackage } from "./with-package.js";

/** The options of `fovea weights import`. */
export interface ImportOptions {
  readonly from: string;
  readonly format: WeightFormat;
  readonly network?: string;
  readonly out: string;
  readonly classes?: string;
  readonly ema?: boolean;
  readonly project?: boolean;
  readonly source?: string;
}

const CLASSES = { option: "--classes", most: LIMITS.classes, unit: "classes", example: "1000" };

/** @throws FoveaError for every mistake in the options and in the file; nothing is written then */
export async function runImport(io: Io, options: ImportOptions, cwd: string): Promise<ExitCode> {
  const from = sourceFile(options.from, cwd);
  const out = targetFile(options.out, cwd, { extensions: [".safetensors"], source: from });
  const classes = options.classes === undefined ? null : parseWhole(options.classes, CLASSES);
  const tools = { python: findPython(cwd), onNote: io.note };
  const source = { from, format: options.format, average: options.ema === true };
  if (options.project === true) {
    const { python } = tools;
    return await runProject(io, options, { ...source, out, classes }, { python, cwd });
  }
  if (options.source !== undefined) {
    throw optionMistake("--source", options.source, "it belongs to --project", {
      fix: "write --project, or leave --source out",
    });
  }
  const network =
    options.network ??
    (await convertWeights({ do: "recognise", ...source }, Recognition, tools)).network;
  const report = await withPackage(network, cwd, (folder) =>
    convertWeights({ do: "import", ...source, package: folder, out, classes }, ImportReport, tools),
  );
  if (io.json) await io.result(report);
  else await io.print(importText(report));
  return EXIT.done;
}
