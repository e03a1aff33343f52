import { mkdtempSync, realpathSync, rmdirSync, statSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { diskError } from "../../disk/disk-error.js";
import {
  EXPORT_FORMATS,
  type ExportDtype,
  type ExportFormat,
} from "../../harness/export-formats.js";
import { FoveaError } from "../../ir/error.js";
import type { Size } from "../../ir/grid.js";
import { LIMITS } from "../../ir/limits.js";
import { optionMistake, parseSides, parseWhole } from "../whole.js";

/** The options of `fovea export`, as they are typed. */
export interface ExportOptions {
  readonly format: ExportFormat;
  readonly out: string;
  readonly weights?: string;
  readonly ema?: boolean;
  readonly fused?: boolean;
  readonly size?: string;
  readonly batch: string;
  readonly dtype: ExportDtype;
}

const SIZE = { option: "--size", most: LIMITS.inputSide, unit: "pixels", example: "224" } as const;
const BATCH = { option: "--batch", most: 65_536, unit: "images", example: "dynamic" } as const;

/**
 * `--size`, `null` where any will do.
 *
 * @throws FoveaError FOV0040
 */
export function parseSize(written: string | undefined): Size | null {
  return written === undefined || written === "dynamic" ? null : parseSides(written, SIZE);
}

/**
 * `--batch`, `null` for any number of images.
 *
 * @throws FoveaError FOV0040
 */
export function parseBatch(written: string): number | null {
  return written === "dynamic" ? null : parseWhole(written, BATCH);
}

/**
 * Refuses what a format has no place for.
 *
 * @throws FoveaError FOV0040
 */
export function checkCombination({ format, fused, dtype }: ExportOptions): void {
  if (format === "hf" && fused === true) {
    throw optionMistake("--fused", "--format hf", "timm builds the network in training form", {
      fix: "leave --fused out, or write --format safetensors",
    });
  }
  if (format === "onnx" && dtype !== "float32" && dtype !== "float16") {
    throw optionMistake("--dtype", dtype, "onnxruntime cannot check it on a CPU", {
      allowed: "float32, float16 for ONNX",
      fix: "write --dtype float32",
    });
  }
}

/**
 * The absolute path of `--weights`; `null` where there is none.
 *
 * @throws FoveaError FOV0030 where there is no such file
 */
export function weightsFile({ weights, ema }: ExportOptions, cwd: string): string | null {
  if (weights === undefined) {
    if (ema !== true) return null;
    throw optionMistake("--ema", "without --weights", "fresh weights have no average", {
      fix: "name --weights",
    });
  }
  const path = resolve(cwd, weights);
  const found = statSync(path, { throwIfNoEntry: false });
  if (weights !== "" && found !== undefined && !found.isDirectory()) return path;
  const wrong = found === undefined ? "there is no such file" : "this is a folder, not a file";
  throw new FoveaError({
    code: "FOV0030",
    message: `--weights ${weights === "" ? '""' : weights}: ${wrong}`,
    path: "--weights",
    value: weights,
    fix: "name a .safetensors file, or a checkpoint of `fovea run`",
  });
}

/**
 * The absolute path of `--out`, where something can be written.
 *
 * @param weights - the file that is read, which is not written over
 * @throws FoveaError FOV0040 where it does not go with the format, FOV0051 where the disk refuses
 */
export function outPath(
  { format, out }: ExportOptions,
  { cwd, weights }: { readonly cwd: string; readonly weights: string | null },
): string {
  const path = resolve(cwd, out);
  const found = statSync(path, { throwIfNoEntry: false });
  if (format === "hf") checkFolder(out, found);
  else checkFile(format, out, found?.isDirectory() === true);
  if (weights !== null && found !== undefined && realpathSync(path) === realpathSync(weights)) {
    throw optionMistake("--out", out, "these are the weights themselves", {
      fix: "name another place",
    });
  }
  requireWritable(path);
  return path;
}

function checkFolder(out: string, found: { isDirectory(): boolean } | undefined): void {
  if (out !== "" && found?.isDirectory() !== false) return;
  throw optionMistake("--out", out, out === "" ? "this names no folder" : "this is a file", {
    allowed: "a folder, which is made where there is none",
    fix: "write --out FOLDER",
  });
}

function checkFile(format: Exclude<ExportFormat, "hf">, out: string, isFolder: boolean): void {
  const { ending, isFixed } = EXPORT_FORMATS[format];
  const fix = `write --out FILE${ending}`;
  if (isFolder || out === "" || /[\\/]$/.test(out)) {
    throw optionMistake("--out", out, "this names no file", { fix });
  }
  const seen = extname(out);
  if (isFixed && seen !== ending) {
    throw optionMistake("--out", out, `others look for the ending ${ending}`, { fix });
  }
  const owner = Object.entries(EXPORT_FORMATS).find(([, each]) => each.ending === seen);
  if (seen !== "" && owner !== undefined && owner[0] !== format) {
    throw optionMistake("--out", out, `${seen} is the ending of --format ${owner[0]}`, { fix });
  }
}

/** Before minutes of work: what they make could not be put there. */
function requireWritable(path: string): void {
  let folder = dirname(path);
  while (statSync(folder, { throwIfNoEntry: false }) === undefined) folder = dirname(folder);
  try {
    rmdirSync(mkdtempSync(join(folder, ".fovea-")));
  } catch (error) {
    throw diskError(error, path);
  }
}
