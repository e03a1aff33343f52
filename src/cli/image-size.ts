import { isFoveaError } from "../ir/error.js";
import type { Size } from "../ir/grid.js";
import { LIMITS } from "../ir/limits.js";
import { parseSides } from "./whole.js";

/**
 * Calls `compute` with the image size of `--size`, or with none where it is not given.
 *
 * @throws FoveaError FOV0040 where it is no size; what `compute` throws, as a fault of `--size`
 */
export function atImageSize<T>(
  written: string | undefined,
  compute: (size: Size | undefined) => T,
): T {
  if (written === undefined) return compute(undefined);
  const size = parseSides(written, {
    option: "--size",
    most: LIMITS.inputSide,
    unit: "pixels",
    example: "224",
  });
  try {
    return compute(size);
  } catch (error) {
    if (!isFoveaError(error)) throw error;
    const message = `--size ${written}: ${error.message}`;
    throw error.with({ message, path: "--size", value: written });
  }
}
