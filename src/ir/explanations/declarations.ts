import type { Explanation } from "./explanation.js";

const IMPORTS =
  'import { classifier, dense, digits, experiment, grid, network, peripheral, stem, sweep } from "fovea";\n';

const declared = (mixer: string, more = ""): string => `${IMPORTS}
export default network("mine", {
  input: { channels: 3, size: 64 },
  stem: stem.patchify({ stride: 4 }),
  depths: [1],
  widths: [16],
  mixers: [${mixer}],
  head: classifier(10),${more}
});
`;

const swept = (axes: string, more = ""): string => `${IMPORTS}
const mine = network("mine", {
  input: { channels: 3, size: 32 },
  stem: stem.patchify({ stride: 4 }),
  depths: [1],
  widths: [16],
  mixers: [dense({ kernel: 7 })],
  head: classifier(10),
});
const base = experiment({ name: "base", network: mine, data: digits({ train: 64, test: 64 }) });

export default sweep({ base, over: { ${axes} }${more} });
`;

/** Codes of what is declared. */
export const DECLARATIONS = {
  FOV0001: {
    why: "Every option has a schema. The message names the option, the value that was seen and those that are allowed; the place is the value's in the file, and where it stands behind a name, that place too.",
    mend: "Write one of the allowed values. `fovea check --fix` takes quotes off numbers and corrects misspelt words.",
    example: { file: declared("dense({ kernel: 7 })", '\n  dropPath: "0.1",') },
  },
  FOV0002: {
    why: "Options that nobody reads are refused by name, so that a slip of the keyboard does not train something else.",
    mend: "Write the option that the fix names, or remove it. `fovea check --fix` does the first.",
    example: { file: declared("peripheral({ kernel: 51, center: 5 })") },
  },
  FOV0003: {
    why: "The option has no default: there is no value that would be right for most.",
    mend: "Add the option; the fix shows what one looks like.",
    example: { file: declared("peripheral({ kernel: 51 })") },
  },
  FOV0004: {
    why: "A network's name becomes the name of a Python package, which may not hide a module that it imports; an experiment's begins the names of folders.",
    mend: "Take a lower-case letter, then up to 63 of a-z, 0-9 and _; experiments may have - too.",
    example: { file: declared("dense({ kernel: 7 })").replace('"mine"', '"torch"') },
  },
  FOV0005: {
    why: "Two networks of one name would be written into one folder.",
    mend: "Give each a name of its own.",
    example: {
      file: declared("dense({ kernel: 7 })")
        .replace("export default", "const mine =")
        .concat("export default [mine, { ...mine, depths: [2] }];\n"),
    },
  },
  FOV0010: {
    why: "A kernel has a middle tap, so that its sides are odd; up to 1023, so that no declaration hangs the tool.",
    mend: "Take one of the odd sides beside it. `fovea check --fix` takes the next larger one.",
    example: { file: declared("peripheral({ kernel: 50, centre: 5 })") },
  },
  FOV0011: {
    why: "The centre is the square in the middle of the kernel whose taps are not shared.",
    mend: "Take an odd centre that is no wider than the kernel.",
    example: { file: declared("peripheral({ kernel: 13, centre: 15 })") },
  },
  FOV0012: {
    why: "The cells of an axis cut it into zones of whole taps; their sum is the kernel's side, which is odd.",
    mend: "Change a cell so that the sum is odd; `fovea grid --cells …` draws it.",
    example: { file: declared("grid({ cells: [2, 1, 1, 2] })") },
  },
  FOV0013: {
    why: "`partial` is the share of the channels that is convolved, rounded down: of few channels nothing is left.",
    mend: "Raise `partial`, or widen the stage.",
    example: { file: declared("dense({ kernel: 7, partial: 0.01 })") },
  },
  FOV0014: {
    why: "The kernel-wise embedding adds a value a tap to what a peripheral or grid kernel reads (PeLK, equation 3); stripes have two kernels and no such place.",
    mend: "Leave the embedding out, or take peripheral().",
    example: {
      file: declared('stripes({ kernel: 51, embedding: "bias" })').replace(
        "stem,",
        "stem, stripes,",
      ),
    },
  },
  FOV0020: {
    why: "`depths`, `widths` and `mixers` have an entry for each stage.",
    mend: "Give all three the same length.",
    example: { file: declared("dense({ kernel: 7 })").replace("widths: [16]", "widths: [16, 32]") },
  },
  FOV0021: {
    why: "Every downsampling makes the map smaller; one of them would leave nothing.",
    mend: "Take a larger image, fewer stages or smaller strides.",
    example: { file: declared("dense({ kernel: 7 })").replace("size: 64", "size: 3") },
  },
  FOV0022: {
    why: "Upper limits keep a slip from hanging the tool: kernel sides 1023, widths 65,536, blocks 1,000, runs of a sweep 10,000.",
    mend: "Stay below the limit; several sweeps may share a base.",
    example: { file: declared("dense({ kernel: 7 })").replace("depths: [1]", "depths: [1001]") },
  },
  FOV0041: {
    why: "Settings of `--set` and axes of sweeps are dotted paths in the DSL's spelling.",
    mend: "Take the path that the fix names; `fovea runs show` lists those of a run.",
    example: { file: swept('"recipe.rate": [0.1]') },
  },
  FOV0110: {
    why: "An axis that replaces a whole part wipes out what an axis before it wrote there.",
    mend: "Write the whole part first.",
    example: { file: swept('"network.mixers[0].kernel": [7], network: [mine]') },
  },
  FOV0111: {
    why: "A function on an axis makes its value from the experiment so far; here it throws, or gives nothing that can be recorded.",
    mend: "Mend the function at the place that is shown; it returns plain data or what the DSL's functions return.",
    example: { file: swept('"recipe.lr": [() => Promise.resolve(0.1)]') },
  },
  FOV0112: {
    why: "`where` leaves no combination of the axes.",
    mend: "Look at what it compares: `axes` has the values by the paths as they are written.",
    example: { file: swept('"recipe.lr": [0.1]', ", where: () => false") },
  },
} as const satisfies Readonly<Record<string, Explanation>>;
