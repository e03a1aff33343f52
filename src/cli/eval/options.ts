import type { Size } from "../../ir/grid.js";
import { LIMITS } from "../../ir/limits.js";
import { optionMistake, parseSides, parseWhole } from "../whole.js";

/** The options of `fovea eval`, as they are typed. */
export interface EvalOptions {
  readonly network?: string;
  readonly data?: string;
  readonly checkpoint?: "last" | "best";
  /** `false` for `--no-ema`. */
  readonly ema?: boolean;
  readonly size?: string;
  readonly batch?: string;
  readonly device?: "auto" | "cpu" | "cuda";
  readonly amp?: "bf16" | "fp16" | "off";
  readonly fuse?: boolean;
  readonly perClass?: boolean;
  /** `true` where no batches are named. */
  readonly throughput?: true | readonly string[];
}

const BATCH = { most: 65_536, unit: "images", example: "64" } as const;

/** @throws FoveaError FOV0040 */
export function parseBatch(written: string | undefined): number | null {
  return written === undefined ? null : parseWhole(written, { option: "--batch", ...BATCH });
}

/** @throws FoveaError FOV0040 */
export function parseSize(written: string | undefined): Size | null {
  const rule = { option: "--size", most: LIMITS.inputSide, unit: "pixels", example: "224" };
  return written === undefined ? null : parseSides(written, rule);
}

/**
 * Batches, apart or joined by commas; none stand for what suits the device, `null` for no timing.
 *
 * @throws FoveaError FOV0040
 */
export function parseBatches(written: EvalOptions["throughput"]): readonly number[] | null {
  if (written === undefined) return null;
  if (written === true) return [];
  const words = written.flatMap((word) => word.split(","));
  const rule = { option: "--throughput", ...BATCH, example: "1 64 256" };
  const batches = words.map((word) => parseWhole(word, rule));
  const twice = batches.find((batch, index) => batches.indexOf(batch) < index);
  if (twice === undefined) return batches;
  throw optionMistake("--throughput", written.join(" "), `${twice} is there twice`, {
    fix: "name each batch once",
  });
}

/** Autocast's type for Python; `null` where it is not given. */
export function parseAmp(written: EvalOptions["amp"]): "bf16" | "fp16" | false | null {
  return written === undefined ? null : written === "off" ? false : written;
}
