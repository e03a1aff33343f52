import type { SizeLike } from "../ir/grid.js";
import type { Mixer } from "../ir/mixer.js";
import { usualBranch } from "../ir/resizing.js";

/** Values that the DSL's functions give by themselves: they are not written. */
const PLAIN = { partial: 1, embedding: false, branch: false } as const;

/** A call that declares a mixer: the function, and its options as they are written. */
export interface PrintedMixer {
  readonly what: Mixer["type"];
  /** `{ kernel: 51, centre: 5 }` */
  readonly options: string;
}

/** A mixer as a user would write it, without the options that are the defaults. */
export function printMixer(mixer: Mixer): PrintedMixer {
  const options = optionsOf(mixer).map(([key, value]) => `${key}: ${print(value)}`);
  return { what: mixer.type, options: `{ ${options.join(", ")} }` };
}

function optionsOf(mixer: Mixer): readonly (readonly [string, unknown])[] {
  switch (mixer.type) {
    case "peripheral": {
      const branch = usualBranch(mixer.centre);
      return [
        ["kernel", side(mixer.kernel)],
        ["centre", mixer.centre],
        ...others(mixer, { base: 2, remainder: "own", partial: 3 / 8, embedding: "bias", branch }),
      ];
    }
    case "grid": {
      const { rows, columns } = mixer;
      const same = String(rows) === String(columns);
      return [
        ...(same
          ? ([["cells", rows]] as const)
          : ([
              ["rows", rows],
              ["columns", columns],
            ] as const)),
        ...others(mixer, PLAIN),
      ];
    }
    case "dense":
      return [["kernel", side(mixer.kernel)], ...others(mixer, PLAIN)];
    case "stripes":
      return [
        ["kernel", side(mixer.kernel)],
        ...others(mixer, { ...PLAIN, width: 5, branch: mixer.width }),
      ];
  }
}

function others(mixer: Mixer, defaults: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(mixer).filter(
    ([key, value]) => Object.hasOwn(defaults, key) && defaults[key] !== value,
  );
}

/** `51` for a square kernel. */
function side(kernel: SizeLike): unknown {
  if (typeof kernel === "number") return kernel;
  const [height, width] = kernel;
  return height === width ? height : kernel;
}

function print(value: unknown): string {
  if (Array.isArray(value)) return `[${value.join(", ")}]`;
  return value === 3 / 8 ? "3 / 8" : JSON.stringify(value);
}

/** A side in taps or pixels, or `[height, width]`, as it is written. */
export function printSize(size: SizeLike): string {
  return print(side(size));
}

/** Cells of an axis as they are written. */
export function printCells(cells: readonly number[]): string {
  return print(cells);
}
