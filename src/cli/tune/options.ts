import { optionMistake, parseWhole } from "../whole.js";

/** Images a batch where none are named: what `fovea bench` takes on a GPU. */
const USUAL_BATCHES = [64];

/**
 * Reads `--batch N`, which may be repeated, as the powers of two that entries are kept for.
 *
 * @throws FoveaError FOV0040
 */
export function parseBatches(written: readonly string[]): readonly number[] {
  if (written.length === 0) return USUAL_BATCHES;
  const rule = { option: "--batch", most: 65_536, unit: "images", example: "64" };
  const batches = written.map((word) => 2 ** Math.ceil(Math.log2(parseWhole(word, rule))));
  return [...new Set(batches)].sort((a, b) => a - b);
}

/**
 * Checks the path of `--out`.
 *
 * @throws FoveaError FOV0040
 */
export function checkOut(out: string): void {
  if (out !== "" && !/[\\/]$/.test(out)) return;
  throw optionMistake("--out", out, "this names no file", { fix: "write --out FILE.json" });
}
