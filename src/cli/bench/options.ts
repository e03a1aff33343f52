import { optionMistake, parseWhole } from "../whole.js";

const SHAPE = { option: "--shape", most: 65_536, example: "4,46,56,56" } as const;
const UNITS = ["images", "channels", "pixels", "pixels"] as const;

/**
 * Checks `N,C,H,W` or `KERNEL=N,C,H,W`.
 *
 * @throws FoveaError FOV0040
 */
export function checkShapes(written: readonly string[]): readonly string[] {
  for (const text of written) {
    const sizes = text.slice(text.lastIndexOf("=") + 1).split(",");
    if (sizes.length !== UNITS.length || text.startsWith("=")) {
      throw optionMistake("--shape", text, "not four sizes", {
        allowed: "N,C,H,W for every kernel, KERNEL=N,C,H,W for one",
        fix: `write --shape ${SHAPE.example}`,
      });
    }
    for (const [index, unit] of UNITS.entries()) {
      parseWhole(sizes[index] ?? "", { ...SHAPE, unit }, text);
    }
  }
  return written;
}

/** @throws FoveaError FOV0040 */
export function parseCount(
  option: string,
  written: string | undefined,
  unit: string,
  example: string,
): number | null {
  if (written === undefined) return null;
  return parseWhole(written, { option, most: 10_000, unit, example });
}

/**
 * A share from 0 on.
 *
 * @throws FoveaError FOV0040
 */
export function parseTolerance(written: string): number {
  if (/^\d*\.?\d+$/.test(written)) return Number(written);
  throw optionMistake("--tolerance", written, "no share", {
    allowed: "a number from 0 on",
    fix: "write --tolerance 0.1",
  });
}
