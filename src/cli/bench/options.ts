import { FoveaError } from "../../ir/error.js";
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

/** Options of `fovea bench` that are for kernels only, and for whole networks only. */
interface MixedOptions {
  readonly network?: boolean;
  readonly shape: readonly string[];
  readonly out?: string;
  readonly compare?: string;
  readonly peer: readonly string[];
  readonly batch?: string;
  readonly size?: string;
}

/** @throws FoveaError FOV0040 for an option that would have no effect */
export function refuseMixed(options: MixedOptions): void {
  const { network = false, shape, out, compare, peer, batch, size } = options;
  const others = network
    ? { "--shape": shape[0], "--out": out, "--compare": compare }
    : { "--peer": peer[0], "--batch": batch, "--size": size };
  for (const [option, value] of Object.entries(others)) {
    if (value === undefined) continue;
    throw new FoveaError({
      code: "FOV0040",
      message: network
        ? `${option} ${value} is for kernels, and --network times whole networks`
        : `${option} ${value} is for whole networks`,
      path: option,
      value,
      fix: network ? `leave out ${option} or --network` : "add --network",
    });
  }
}
