import { expect, test } from "vitest";
import { HERE, here, INTERNAL, mistake, project } from "./project.js";

const IMPORTS =
  'import { ade20k, classifier, coco, dense, digits, downsample, experiment, grid, imageFolder, network, pelk, peripheral, recipe, sparsity, stem, stripes, voc, webDataset } from "fovea";\n';

/** A file that exports an expression, typed so that only the run-time checks see it. */
const exporting = (expression: string) => `${IMPORTS}const bad: any = (x: any) => x;
export default ${expression};
`;

/** A two-stage network with more options behind its own, and any of them replaced. */
function net(replaced: Record<string, string>, name = '"my_net"'): string {
  const options = {
    input: "{ channels: 3, size: 64 }",
    stem: "stem.patchify({ stride: 4 })",
    depths: "[1, 1]",
    widths: "[16, 32]",
    mixers: "[dense({ kernel: 7 }), dense({ kernel: 5 })]",
    head: "classifier(10)",
    ...replaced,
  };
  const lines = Object.entries(options).map(([key, value]) => `  ${key}: ${value},`);
  return exporting(`network(${name}, {\n${lines.join("\n")}\n})`);
}

const mixer = (call: string) => exporting(`[\n  ${call}\n]`);
const run = (options: string) =>
  exporting(
    `experiment({\n  name: "run",\n  network: pelk("tiny"),\n  data: digits({ train: 20, test: 10 }),\n${options}\n})`,
  );

type Wrong = readonly [title: string, text: string, code: string, path: string, value: unknown];

const WRONG: readonly Wrong[] = [
  // Kernels
  [
    "an even kernel",
    mixer(`peripheral({ kernel: ${HERE}50, centre: 5 })`),
    "FOV0010",
    "kernel",
    50,
  ],
  ["no kernel at all", mixer(`dense({ kernel: ${HERE}0 })`), "FOV0010", "kernel", 0],
  ["a negative kernel", mixer(`dense({ kernel: ${HERE}-3 })`), "FOV0010", "kernel", -3],
  ["a fractional kernel", mixer(`dense({ kernel: ${HERE}5.5 })`), "FOV0010", "kernel", 5.5],
  ["a NaN kernel", mixer(`dense({ kernel: ${HERE}NaN })`), "FOV0010", "kernel", "NaN"],
  [
    "an endless kernel",
    mixer(`dense({ kernel: ${HERE}Infinity })`),
    "FOV0010",
    "kernel",
    "Infinity",
  ],
  ["an enormous kernel", mixer(`dense({ kernel: ${HERE}1025 })`), "FOV0022", "kernel", 1025],
  ["an absurd kernel", mixer(`dense({ kernel: ${HERE}1e300 })`), "FOV0022", "kernel", 1e300],
  ["a kernel as text", mixer(`dense({ kernel: ${HERE}"51" })`), "FOV0010", "kernel", "51"],
  ["a kernel as a bigint", mixer(`dense({ kernel: ${HERE}51n })`), "FOV0010", "kernel", "51n"],
  ["a kernel of null", mixer(`dense({ kernel: ${HERE}null })`), "FOV0010", "kernel", null],
  ["an even height", mixer(`dense({ kernel: [${HERE}50, 5] })`), "FOV0010", "kernel[0]", 50],
  ["an even width", mixer(`stripes({ kernel: [51, ${HERE}4] })`), "FOV0010", "kernel[1]", 4],
  ["three sides", mixer(`dense({ kernel: ${HERE}[3, 3, 3] })`), "FOV0010", "kernel", [3, 3, 3]],
  ["no kernel given", mixer(`${HERE}dense({ partial: 1 })`), "FOV0003", "kernel", null],
  // Centres, branches, embeddings
  ["an even centre", mixer(`peripheral({ kernel: 51, centre: ${HERE}4 })`), "FOV0011", "centre", 4],
  [
    "a centre beyond the kernel",
    mixer(`peripheral({ kernel: 5, centre: ${HERE}7 })`),
    "FOV0011",
    "centre",
    7,
  ],
  [
    "a centre beyond one side",
    mixer(`peripheral({ kernel: [51, 5], centre: ${HERE}7 })`),
    "FOV0011",
    "centre",
    7,
  ],
  ["no centre", mixer(`${HERE}peripheral({ kernel: 5 })`), "FOV0003", "centre", null],
  [
    "a base of one",
    mixer(`peripheral({ kernel: 5, centre: 1, base: ${HERE}1 })`),
    "FOV0001",
    "base",
    1,
  ],
  [
    "an odd remainder",
    mixer(`peripheral({ kernel: 5, centre: 1, remainder: ${HERE}"drop" })`),
    "FOV0001",
    "remainder",
    "drop",
  ],
  ["an even branch", mixer(`dense({ kernel: 7, branch: ${HERE}4 })`), "FOV0001", "branch", 4],
  [
    "a branch beyond the kernel",
    mixer(`dense({ kernel: 7, branch: ${HERE}9 })`),
    "FOV0001",
    "branch",
    9,
  ],
  [
    "an unknown embedding",
    mixer(`dense({ kernel: 7, embedding: ${HERE}"sine" })`),
    "FOV0001",
    "embedding",
    "sine",
  ],
  [
    "an embedding on stripes",
    mixer(`stripes({ kernel: 51, embedding: ${HERE}"bias" })`),
    "FOV0014",
    "embedding",
    "bias",
  ],
  [
    "stripes wider than long",
    mixer(`stripes({ kernel: 5, width: ${HERE}7 })`),
    "FOV0010",
    "width",
    7,
  ],
  [
    "a branch beyond the stripes",
    mixer(`stripes({ kernel: 51, branch: ${HERE}7 })`),
    "FOV0001",
    "branch",
    7,
  ],
  // Partial convolution
  ["a share of nothing", mixer(`dense({ kernel: 7, partial: ${HERE}0 })`), "FOV0001", "partial", 0],
  [
    "a share over one",
    mixer(`dense({ kernel: 7, partial: ${HERE}1.5 })`),
    "FOV0001",
    "partial",
    1.5,
  ],
  [
    "a negative share",
    mixer(`dense({ kernel: 7, partial: ${HERE}-0.5 })`),
    "FOV0001",
    "partial",
    -0.5,
  ],
  [
    "a share that leaves no channel",
    net({ mixers: `[dense({ kernel: 7 }),\n    dense({ kernel: 5, partial: ${HERE}0.01 })]` }),
    "FOV0013",
    "mixers[1].partial",
    0.01,
  ],
  // Grids
  [
    "cells with an even sum",
    mixer(`grid({ cells: ${HERE}[2, 1, 1] })`),
    "FOV0012",
    "cells",
    [2, 1, 1],
  ],
  [
    "rows with an even sum",
    mixer(`grid({ rows: ${HERE}[1, 1], columns: [1] })`),
    "FOV0012",
    "rows",
    [1, 1],
  ],
  ["a cell of nothing", mixer(`grid({ cells: [1, ${HERE}0, 1] })`), "FOV0012", "cells[1]", 0],
  ["a fractional cell", mixer(`grid({ cells: [${HERE}1.5] })`), "FOV0012", "cells[0]", 1.5],
  ["no cells", mixer(`grid({ cells: ${HERE}[] })`), "FOV0012", "cells", []],
  ["too many taps", mixer(`grid({ cells: ${HERE}[1000, 25] })`), "FOV0022", "cells", [1000, 25]],
  [
    "both forms of a grid",
    mixer(`grid({ cells: [1], rows: ${HERE}[1], columns: [1] })`),
    "FOV0012",
    "rows",
    [1],
  ],
  ["rows without columns", mixer(`${HERE}grid({ rows: [1] })`), "FOV0003", "columns", null],
  ["a grid of nothing", mixer(`${HERE}grid({})`), "FOV0003", "cells", null],
  ["a grid with a kernel", mixer(`grid({ cells: [1], kernel: ${HERE}3 })`), "FOV0002", "kernel", 3],
  // Options
  [
    "a misspelt option",
    mixer(`peripheral({ kernal: ${HERE}51, centre: 5 })`),
    "FOV0002",
    "kernal",
    51,
  ],
  ["an unknown option of a network", net({ colour: `${HERE}"red"` }), "FOV0002", "colour", "red"],
  [
    "an unknown nested option",
    net({ input: `{ channels: 3, size: 64, depth: ${HERE}1 }` }),
    "FOV0002",
    "input.depth",
    1,
  ],
  [
    "an unknown option of a stem",
    net({ stem: `stem.patchify({ stride: 4, size: ${HERE}3 })` }),
    "FOV0002",
    "size",
    3,
  ],
  ["another kind's name", net({ name: `${HERE}"b"` }), "FOV0002", "name", "b"],
  [
    "a symbol",
    exporting(`${HERE}pelk("tiny", { [Symbol("x")]: 1 } as any)`),
    "FOV0002",
    "Symbol(x)",
    null,
  ],
  ["no options", exporting(`${HERE}(dense as any)()`), "FOV0003", "", null],
  ["null for options", mixer(`${HERE}dense(null as any)`), "FOV0001", "", null],
  ["a list for options", mixer(`${HERE}dense([7] as any)`), "FOV0001", "", [7]],
  [
    "an instance for options",
    mixer(`${HERE}dense(new (class Kernel { kernel = 7; })())`),
    "FOV0001",
    "",
    { kernel: 7 },
  ],
  [
    "a missing list",
    exporting(
      `${HERE}network("a", { input: { channels: 1, size: 8 }, stem: stem.patchify({ stride: 2 }) } as any)`,
    ),
    "FOV0003",
    "depths",
    null,
  ],
  [
    "a missing nested option",
    net({ input: `${HERE}{ channels: 3 }` }),
    "FOV0003",
    "input.size",
    null,
  ],
  // Names
  ["a name in capitals", net({}, `${HERE}"MyNet"`), "FOV0004", "name", "MyNet"],
  ["a keyword for a name", net({}, `${HERE}"lambda"`), "FOV0004", "name", "lambda"],
  ["a module for a name", net({}, `${HERE}"torch"`), "FOV0004", "name", "torch"],
  ["a digit before a name", net({}, `${HERE}"2net"`), "FOV0004", "name", "2net"],
  ["an empty name", net({}, `${HERE}""`), "FOV0004", "name", ""],
  ["quotes in a name", net({}, `${HERE}"a\\"; import os #"`), "FOV0004", "name", 'a"; import os #'],
  ["a line end in a name", net({}, `${HERE}"a\\nb"`), "FOV0004", "name", "a\nb"],
  ["a template in a name", net({}, `${HERE}"{{name}}"`), "FOV0004", "name", "{{name}}"],
  ["a path for a name", net({}, `${HERE}"../up"`), "FOV0004", "name", "../up"],
  ["a long name", net({}, `${HERE}"${"a".repeat(65)}"`), "FOV0004", "name", "a".repeat(65)],
  ["a number for a name", net({}, `${HERE}bad(3)`), "FOV0004", "name", 3],
  [
    "a wrong name among the overrides",
    exporting(`pelk("tiny", { name: ${HERE}"Pelk" })`),
    "FOV0004",
    "name",
    "Pelk",
  ],
  // Lists
  [
    "fewer widths than depths",
    net({ widths: `bad(${HERE}[16])` }).replace(`bad(${HERE}[16])`, `${HERE}[16] as any`),
    "FOV0020",
    "widths",
    [16],
  ],
  [
    "fewer mixers than depths",
    net({ mixers: `${HERE}[dense({ kernel: 7 })] as any` }),
    "FOV0020",
    "mixers",
    "1 mixers",
  ],
  ["fewer depths than the others", net({ depths: `${HERE}[1] as any` }), "FOV0020", "depths", [1]],
  [
    "empty lists",
    net({ depths: `${HERE}[]`, widths: "[]", mixers: "[]" }),
    "FOV0001",
    "depths",
    [],
  ],
  [
    "overrides of another length",
    exporting(`pelk("tiny", { widths: ${HERE}[8, 16] as any })`),
    "FOV0020",
    "widths",
    [8, 16],
  ],
  ["no list for a list", net({ widths: `${HERE}16 as any` }), "FOV0001", "widths", 16],
  ["a width of nothing", net({ widths: `[8, ${HERE}0]` }), "FOV0001", "widths[1]", 0],
  ["a width beyond the limit", net({ widths: `[8, ${HERE}65537]` }), "FOV0022", "widths[1]", 65537],
  [
    "a width widened beyond the limit",
    net({ widths: `[8, ${HERE}60000]`, widen: "2" }),
    "FOV0022",
    "widths[1]",
    60000,
  ],
  [
    "a width narrowed to nothing",
    net({ widths: `[${HERE}8, 16]`, widen: "0.1" }),
    "FOV0001",
    "widths[0]",
    8,
  ],
  // What a preset gave is nowhere to be pointed at: the override that it does not go with is.
  [
    "a preset widened to nothing",
    exporting(`pelk("tiny", {\n  dropPath: 0.1,\n  widen: ${HERE}1e-9,\n})`),
    "FOV0001",
    "widths[0]",
    96,
  ],
  [
    "a preset's stem with patches beyond its image",
    exporting(
      `pelk("tiny", {\n  dropPath: 0.1,\n  stem: ${HERE}stem.patchify({ stride: 225 }),\n})`,
    ),
    "FOV0021",
    "input.size",
    224,
  ],
  [
    "a spread network's downsampling beyond its maps",
    exporting(
      `network("a", {\n  ...pelk("tiny"),\n  downsample: ${HERE}downsample.patchify({ stride: 64 }),\n})`,
    ),
    "FOV0021",
    "input.size",
    224,
  ],
  [
    "classes twice",
    net({ head: `classifier(10, { classes: ${HERE}5 } as any)` }),
    "FOV0002",
    "classes",
    5,
  ],
  [
    "options of a stem that has none",
    net({ stem: `stem.convolutional({ stride: ${HERE}2 } as any)` }),
    "FOV0002",
    "stride",
    2,
  ],
  [
    "options of a downsampling that has none",
    net({ downsample: `downsample.transition({ stride: ${HERE}3 } as any)` }),
    "FOV0002",
    "stride",
    3,
  ],
  [
    "images without room for a digit",
    exporting(
      `experiment({ name: "a", network: network("b", { ...pelk("tiny"), stem: stem.convolutional(), downsample: downsample.transition(), input: { channels: 3, size: ${HERE}7 } }), data: digits() })`,
    ),
    "FOV0001",
    "network.input.size",
    7,
  ],
  ["too many blocks", net({ depths: `[1, ${HERE}1001]` }), "FOV0022", "depths[1]", 1001],
  ["a fractional depth", net({ depths: `[1, ${HERE}1.5]` }), "FOV0001", "depths[1]", 1.5],
  [
    "a number among the mixers",
    net({ mixers: `[dense({ kernel: 7 }), ${HERE}51 as any]` }),
    "FOV0001",
    "mixers[1]",
    51,
  ],
  [
    "a function among the mixers",
    net({ mixers: `[dense({ kernel: 7 }), ${HERE}dense as any]` }),
    "FOV0001",
    "mixers[1]",
    "[Function: dense]",
  ],
  // The rest of a network
  [
    "a map that is empty",
    net({ input: `{ channels: 3, size: ${HERE}7 }` }),
    "FOV0021",
    "input.size",
    7,
  ],
  [
    "a map that is empty in one direction",
    net({ input: `{ channels: 3, size: ${HERE}[64, 4] }` }),
    "FOV0021",
    "input.size",
    [64, 4],
  ],
  [
    "a stem without its function",
    net({ stem: `${HERE}{ stride: 4 } as any` }),
    "FOV0001",
    "stem",
    { stride: 4 },
  ],
  [
    "a stride of nothing",
    net({ stem: `stem.patchify({ stride: ${HERE}0 })` }),
    "FOV0001",
    "stride",
    0,
  ],
  ["a head without its function", net({ head: `${HERE}10 as any` }), "FOV0001", "head", 10],
  ["no classes", net({ head: `classifier(${HERE}0)` }), "FOV0001", "classes", 0],
  ["widening by nothing", net({ widen: `${HERE}0` }), "FOV0001", "widen", 0],
  ["a drop path of one", net({ dropPath: `${HERE}1` }), "FOV0001", "dropPath", 1],
  ["full sparsity", net({ sparsity: `${HERE}1` }), "FOV0001", "sparsity", 1],
  [
    "an expansion of nothing",
    net({ block: `{ expansion: ${HERE}0 }` }),
    "FOV0001",
    "block.expansion",
    0,
  ],
  [
    "half a surrogate pair",
    net({ description: `${HERE}"\\ud800"` }),
    "FOV0001",
    "description",
    "\ud800",
  ],
  [
    "a circle",
    net({ input: `${HERE}(() => { const c: any = {}; c.channels = c; c.size = 8; return c; })()` }),
    "FOV0001",
    "input.channels",
    "<ref *1> { channels: [Circular *1], size: 8 }",
  ],
  ["an unknown size", exporting(`pelk(${HERE}"huge" as any)`), "FOV0001", "size", "huge"],
  // Experiments
  ["a negative learning rate", run(`  recipe: { lr: ${HERE}-1 },`), "FOV0001", "recipe.lr", -1],
  ["a learning rate of NaN", run(`  recipe: { lr: ${HERE}NaN },`), "FOV0001", "recipe.lr", "NaN"],
  ["half a batch", run(`  recipe: { batch: ${HERE}0.5 },`), "FOV0001", "recipe.batch", 0.5],
  [
    "an unknown optimizer",
    run(`  recipe: { optimizer: ${HERE}"sgd" as any },`),
    "FOV0001",
    "recipe.optimizer",
    "sgd",
  ],
  [
    "an unknown option of a recipe",
    run(`  recipe: { learningRate: ${HERE}1 } as any,`),
    "FOV0002",
    "recipe.learningRate",
    1,
  ],
  [
    "neither steps nor epochs",
    run(`  recipe: { epochs: ${HERE}null },`),
    "FOV0001",
    "recipe.epochs",
    null,
  ],
  [
    "a schedule that rises",
    run(`  recipe: { lr: 0.1, minLr: ${HERE}0.2 },`),
    "FOV0001",
    "recipe.minLr",
    0.2,
  ],
  [
    "nothing but warm-up",
    run(`  recipe: { steps: 10, warmupSteps: ${HERE}10 },`),
    "FOV0001",
    "recipe.warmupSteps",
    10,
  ],
  ["an ema of one", run(`  recipe: { ema: ${HERE}1 },`), "FOV0001", "recipe.ema", 1],
  [
    "an unknown type for amp",
    run(`  recipe: { amp: ${HERE}"fp8" as any },`),
    "FOV0001",
    "recipe.amp",
    "fp8",
  ],
  ["logging never", run(`  recipe: { logEvery: ${HERE}0 },`), "FOV0001", "recipe.logEvery", 0],
  [
    "an impossible flip",
    run(`  recipe: { augment: { flip: ${HERE}2 } },`),
    "FOV0001",
    "recipe.augment.flip",
    2,
  ],
  [
    "no RandAugment",
    run(`  recipe: { augment: { randAugment: ${HERE}"auto; rm" } },`),
    "FOV0001",
    "recipe.augment.randAugment",
    "auto; rm",
  ],
  [
    "a published recipe of an unknown size",
    run(`  recipe: recipe.slak(${HERE}"huge" as any),`),
    "FOV0001",
    "size",
    "huge",
  ],
  [
    "an unknown option of a published recipe",
    run(
      `  recipe: recipe.slak("tiny", {\n    accumulate: 32,\n    epoch: ${HERE}90,\n  } as any),`,
    ),
    "FOV0002",
    "epoch",
    90,
  ],
  [
    "a published recipe of another length",
    run(`  recipe: recipe.pelk("tiny", { epochs: ${HERE}90 as any }),`),
    "FOV0001",
    "epochs",
    90,
  ],
  [
    "a published recipe in unequal pieces",
    run(`  recipe: recipe.pelk("tiny", { accumulate: ${HERE}3 }),`),
    "FOV0001",
    "accumulate",
    3,
  ],
  [
    "a published recipe with a wrong augmentation",
    run(`  recipe: recipe.digits({ augment: { flip: ${HERE}2 } }),`),
    "FOV0001",
    "augment.flip",
    2,
  ],
  [
    "a spread recipe of a length that its warm-up fills",
    run(`  recipe: ${HERE}{ ...recipe.slak("tiny"), epochs: 10 },`),
    "FOV0001",
    "recipe.warmupEpochs",
    20,
  ],
  [
    "a published sparsity of everything",
    run(`  sparsity: sparsity.slak("tiny", { amount: ${HERE}1 }),`),
    "FOV0001",
    "amount",
    1,
  ],
  ["a recipe as text", run(`  recipe: ${HERE}"slak" as any,`), "FOV0001", "recipe", "slak"],
  ["a negative seed", run(`  seed: ${HERE}-1,`), "FOV0001", "seed", -1],
  ["a fractional seed", run(`  seed: ${HERE}0.5,`), "FOV0001", "seed", 0.5],
  ["an unknown task", run(`  task: ${HERE}"poetry" as any,`), "FOV0001", "task", "poetry"],
  [
    "an experiment's wrong name",
    exporting(`experiment({ name: ${HERE}"My Run", network: pelk("tiny"), data: digits() })`),
    "FOV0004",
    "name",
    "My Run",
  ],
  [
    "an experiment without a network",
    exporting(`experiment({ name: "a", network: ${HERE}"pelk_tiny" as any, data: digits() })`),
    "FOV0001",
    "network",
    "pelk_tiny",
  ],
  ["no scenes", exporting(`digits({ train: ${HERE}0 })`), "FOV0001", "train", 0],
  [
    "data without its function",
    exporting(
      `experiment({ name: "a", network: pelk("tiny"), data: ${HERE}{ train: 10 } as any })`,
    ),
    "FOV0001",
    "data",
    { train: 10 },
  ],
  ["a folder without a path", exporting(`imageFolder({ root: ${HERE}"" })`), "FOV0001", "root", ""],
  [
    "masks for classes",
    exporting(
      `experiment({ name: "a", network: pelk("tiny"), data: ${HERE}ade20k({ root: "ade" }) })`,
    ),
    "FOV0001",
    "data",
    "ade20k",
  ],
  [
    "a year in numbers",
    exporting(`voc({ root: "d", year: ${HERE}2012 })`),
    "FOV0001",
    "year",
    2012,
  ],
  ["no scales", exporting(`coco({ root: "d", scales: ${HERE}[] })`), "FOV0001", "scales", []],
  [
    "fewer than no corrupt images",
    exporting(
      `webDataset({ train: "t.tar", validation: "v.tar", classes: 2, corrupt: ${HERE}-1 })`,
    ),
    "FOV0001",
    "corrupt",
    -1,
  ],
];

test("there are forty kinds of wrong spec at least", () => {
  expect(new Set(WRONG.map(([title]) => title)).size).toBe(WRONG.length);
  expect(WRONG.length).toBeGreaterThanOrEqual(40);
});

test.each(WRONG)("%s", async (_title, text, code, path, value) => {
  const error = await mistake(project({ "main.ts": text }));
  expect(error.text).not.toMatch(INTERNAL);
  expect(error).toMatchObject({ code, file: "main.ts", path: path || null, value, ...here(text) });
  expect(error.allowed).toBeTruthy();
  expect(error.fix).toBeTruthy();
  expect(error.text.startsWith(`main.ts:${error.line}:${error.column}: error ${code}: `)).toBe(
    true,
  );
});
