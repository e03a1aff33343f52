import { resolve } from "node:path";
import { convertWeights } from "../../harness/convert-weights.js";
import { LIMITS } from "../../ir/limits.js";
import { findPython } from "../../launch/python.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { checkpointOf, withNetwork } from "../weights/checkpoint.js";
import { targetFile } from "../weights/paths.js";
import { parseSides } from "../whole.js";
import { FuseReport, fuseText } from "./report.js";

/** The options of `fovea fuse`. */
export interface FuseOptions {
  readonly from: string;
  readonly network?: string;
  readonly out: string;
  readonly ema?: boolean;
  readonly allowDense?: boolean;
  readonly images?: string;
  readonly size?: readonly string[];
}

const SIZE = { option: "--size", most: LIMITS.inputSide, unit: "pixels", example: "224" };

/**
 * @returns `failed` where the fused network computes something else
 * @throws FoveaError for every mistake in the options and in the file
 */
export async function runFuse(io: Io, options: FuseOptions, cwd: string): Promise<ExitCode> {
  const checkpoint = checkpointOf(options.from, cwd);
  const from = checkpoint.file;
  const out = targetFile(options.out, cwd, { extensions: [".safetensors"], source: from });
  const sizes = options.size?.map((word) => parseSides(word, SIZE)) ?? null;
  const request = {
    do: "fuse",
    from,
    out,
    sizes,
    average: options.ema === true,
    allow_dense: options.allowDense === true,
    images: options.images === undefined ? null : resolve(cwd, options.images),
  } as const;
  const tools = { python: findPython(cwd), onNote: io.note };
  const report = await withNetwork(options.network, checkpoint, cwd, (folder) =>
    convertWeights({ ...request, package: folder }, FuseReport, tools),
  );
  if (io.json) await io.result(report);
  else await io.print(fuseText(report));
  return report.passed ? EXIT.done : EXIT.failed;
}
