import { resolve } from "node:path";
import { measureReceptiveFields } from "../../harness/receptive-fields.js";
import { LIMITS } from "../../ir/limits.js";
import { findPython } from "../../launch/python.js";
import { lookAt } from "../../load/look-at.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { optionMistake, parseWhole } from "../whole.js";
import { erfText } from "./report-text.js";
import { withSubjects } from "./subjects.js";

/** The options of `fovea erf`, as they are typed. */
export interface ErfOptions {
  readonly weights: readonly string[];
  /** `false` for `--no-ema`. */
  readonly ema?: boolean;
  readonly images?: string;
  readonly count: string;
  readonly size: string;
  readonly out?: string;
  readonly device: "auto" | "cpu" | "cuda";
}

const COUNT = { option: "--count", most: 1_000_000, unit: "images", example: "50" } as const;
const SIZE = {
  option: "--size",
  most: LIMITS.inputSide,
  unit: "pixels",
  example: "1024",
} as const;

/**
 * @returns `failed` where nothing contributes to a network's last map
 * @throws FoveaError for every mistake in the options, the targets, the weights and the images
 */
export async function runErf(
  io: Io,
  targets: readonly string[],
  options: ErfOptions,
  cwd: string,
): Promise<ExitCode> {
  const count = parseWhole(options.count, COUNT);
  const size = parseWhole(options.size, SIZE);
  const path = (written: string | undefined) =>
    written === undefined ? null : resolve(cwd, written);
  const out = path(options.out);
  if (options.out === "" || (out !== null && isFile(out))) {
    throw optionMistake("--out", options.out ?? "", "this is no folder", {
      fix: "write --out FOLDER, which is made where there is none",
    });
  }
  const tools = { python: findPython(cwd), onNote: io.note };
  const report = await withSubjects(
    targets,
    options.weights,
    options.ema ?? null,
    cwd,
    (subjects) =>
      measureReceptiveFields(
        {
          subjects,
          images: path(options.images),
          count,
          size,
          out,
          device: options.device,
        },
        tools,
      ),
  );
  const { passed, ...document } = report;
  if (io.json) await io.result(document);
  else await io.print(erfText(report, count));
  return passed ? EXIT.done : EXIT.failed;
}

function isFile(path: string): boolean {
  const found = lookAt(path);
  return typeof found !== "string" && !found.isDirectory();
}
