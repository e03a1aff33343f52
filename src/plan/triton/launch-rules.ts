import { launchConstants } from "./launches.js";

/** What a constant of a launch may be. */
interface Range {
  readonly least: number;
  readonly most: number;
  readonly powers: boolean;
}

const TILE: Range = { least: 16, most: 256, powers: true };

/** Tiles that are no side of a product, or that other limits hold for. */
const TILES: Readonly<Record<string, Range>> = {
  "direct.BLOCK": { ...TILE, most: 8192 },
  // A Toeplitz matrix is as many rows long as this divides: a larger tile would read past its end.
  "planes.BLOCK_K": { ...TILE, most: 32 },
};

const OTHERS: Readonly<Record<string, Range>> = {
  num_warps: { least: 1, most: 32, powers: true },
  num_stages: { least: 1, most: 8, powers: false },
  // Registers a thread.
  maxnreg: { least: 24, most: 255, powers: false },
};

/** What is wrong with a launch. */
export interface LaunchFault {
  /** The constant that is to blame. */
  readonly constant: string;
  readonly message: string;
}

/**
 * Holds the constants of a launch against what its kernel is written for. Of a launch that no
 * kernel has nothing is known, and nothing is wrong.
 */
export function launchFault(
  name: string,
  launch: Readonly<Record<string, number>>,
): LaunchFault | undefined {
  const constants = launchConstants(name);
  if (constants === undefined) return undefined;
  const missing = constants.find((constant) => launch[constant] === undefined);
  if (missing !== undefined) return { constant: missing, message: `missing in ${name}` };
  for (const [constant, value] of Object.entries(launch)) {
    if (!constants.includes(constant)) {
      return { constant, message: `${name} has ${constants.join(", ")} alone` };
    }
    const range = OTHERS[constant] ?? TILES[`${name}.${constant}`] ?? TILE;
    if (!admits(range, value)) return { constant, message: `not ${inWords(range)}` };
  }
  return undefined;
}

export const isPowerOfTwo = (value: number): boolean =>
  value > 0 && 2 ** Math.round(Math.log2(value)) === value;

function admits({ least, most, powers }: Range, value: number): boolean {
  return value >= least && value <= most && (!powers || isPowerOfTwo(value));
}

function inWords({ least, most, powers }: Range): string {
  return `${powers ? "a power of two" : "a whole number"} from ${least} to ${most}`;
}
