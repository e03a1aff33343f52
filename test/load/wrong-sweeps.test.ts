import { describe, expect, test } from "vitest";
import { HERE, here, INTERNAL, mistake, project } from "./project.js";

const BASE = `import { classifier, dense, digits, experiment, grid, network, peripheral, sweep, timm } from "fovea";
const net = network("small_net", {
  input: { channels: 1, size: 16 },
  stem: { type: "patchify", stride: 4 },
  depths: [1, 1],
  widths: [8, 16],
  mixers: [peripheral({ kernel: 7, centre: 3 }), dense({ kernel: 3 })],
  head: classifier(10),
});
const base = experiment({ name: "small", network: net, data: digits({}), recipe: { steps: 5 } });
const bad: any = (x: any) => x;
`;

/** A file whose default export is a sweep, untyped so that only the run-time checks see it. */
const of = (options: string) => `${BASE}export default bad(sweep)({\n${options}\n});\n`;
const over = (axes: string, more = "") => of(`  base,\n  over: {\n${axes}\n  },\n${more}`);

type Wrong = readonly [title: string, text: string, code: string, path: string | null];

const WRONG: readonly Wrong[] = [
  // Options
  ["an unknown option", of(`  base,\n  over: {},\n  seed: ${HERE}[1],`), "FOV0002", "seed"],
  ["no base", `${BASE}export default ${HERE}bad(sweep)({ over: {} });\n`, "FOV0003", "base"],
  ["a network as base", of(`  over: {},\n  base: ${HERE}net,`), "FOV0001", "base"],
  [
    "a base that was spoilt",
    of(`  base: { ...base, recipe: { ...base.recipe, lr: ${HERE}0 } },\n  over: {},`),
    "FOV0001",
    "base.recipe.lr",
  ],
  ["a list of axes", of(`  base,\n  over: ${HERE}[{ "recipe.lr": [1] }],`), "FOV0001", "over"],
  ["a wrong name", of(`  base,\n  over: {},\n  name: ${HERE}"My Sweep",`), "FOV0004", "name"],
  ["a number of seeds", of(`  base,\n  over: {},\n  seeds: ${HERE}3,`), "FOV0001", "seeds"],
  ["no seeds", of(`  base,\n  over: {},\n  seeds: ${HERE}[],`), "FOV0001", "seeds"],
  [
    "a negative seed",
    of(`  base,\n  over: {},\n  seeds: [\n    0,\n    ${HERE}-1,\n  ],`),
    "FOV0001",
    "seeds[1]",
  ],
  ["a seed as text", of(`  base,\n  over: {},\n  seeds: [${HERE}"7"],`), "FOV0001", "seeds[0]"],
  ["where as text", of(`  base,\n  over: {},\n  where: ${HERE}"lr > 1",`), "FOV0001", "where"],
  // Axes
  [
    "an empty axis",
    over(`    "recipe.lr": [1e-3],\n    "recipe.batch": ${HERE}[],`),
    "FOV0001",
    'over["recipe.batch"]',
  ],
  ["a value and no list", over(`    "recipe.lr": ${HERE}1e-3,`), "FOV0001", 'over["recipe.lr"]'],
  [
    "an unknown path",
    over(`    "network.mixer[*].kernel": ${HERE}[31],`),
    "FOV0041",
    'over["network.mixer[*].kernel"]',
  ],
  ["a path that is none", over(`    "recipe..lr": ${HERE}[31],`), "FOV0041", 'over["recipe..lr"]'],
  ["what an experiment is", over(`    kind: ${HERE}["network"],`), "FOV0041", "over.kind"],
  [
    "what a mixer is",
    over(`    "network.mixers[0].type": ${HERE}["dense"],`),
    "FOV0041",
    'over["network.mixers[0].type"]',
  ],
  [
    "a stage that is not there",
    over(`    "network.mixers[7].kernel": ${HERE}[31],`),
    "FOV0041",
    'over["network.mixers[7].kernel"]',
  ],
  [
    "an option that some entries have not",
    over(`    "network.mixers[*].centre": ${HERE}[3],`),
    "FOV0041",
    'over["network.mixers[*].centre"]',
  ],
  ["seed beside seeds", over(`    seed: ${HERE}[1, 2],`, "  seeds: [3],"), "FOV0110", "over.seed"],
  [
    "an axis that undoes another",
    over(`    "recipe.lr": [1e-3],\n    recipe: [(e) => e.recipe, ${HERE}{}],`),
    "FOV0110",
    "over.recipe[1]",
  ],
  [
    "one path written twice",
    over(`    "network.mixers[0].kernel": [3],\n    "network.mixers.0.kernel": [${HERE}5],`),
    "FOV0110",
    'over["network.mixers.0.kernel"][0]',
  ],
  [
    "an entry, and then all of them",
    over(`    "network.mixers[0].kernel": [3],\n    "network.mixers[*].kernel": [${HERE}5],`),
    "FOV0110",
    'over["network.mixers[*].kernel"][0]',
  ],
  [
    "too many runs",
    of(
      `  base,\n  over: ${HERE}{ "recipe.lr": Array.from({ length: 101 }, (_, i) => i + 1) },\n  seeds: Array.from({ length: 100 }, (_, i) => i),`,
    ),
    "FOV0022",
    "over",
  ],
  // Values
  [
    "nothing",
    over(`    "recipe.lr": [1, ${HERE}undefined, 2],`),
    "FOV0001",
    'over["recipe.lr"][1]',
  ],
  [
    "a value that is too small",
    over(`    "recipe.lr": [\n      1e-3,\n      ${HERE}0,\n    ],`),
    "FOV0001",
    'over["recipe.lr"][1]',
  ],
  [
    "an even kernel in a later run",
    over(`    "recipe.lr": [1, 2],\n    "network.mixers[*].kernel": [7, ${HERE}8],`),
    "FOV0010",
    'over["network.mixers[*].kernel"][1]',
  ],
  [
    "one side of a kernel",
    over(`    "network.mixers[1].kernel": [[7, ${HERE}8]],`),
    "FOV0010",
    'over["network.mixers[1].kernel"][0][1]',
  ],
  [
    "an option within a whole part",
    over(`    recipe: [\n      {},\n      { lr: ${HERE}0 },\n    ],`),
    "FOV0001",
    "over.recipe[1].lr",
  ],
  [
    "an unknown option within a whole part",
    over(`    sparsity: [null, { amnt: ${HERE}0.1 }],`),
    "FOV0002",
    "over.sparsity[1].amnt",
  ],
  [
    "a kernel below its centre",
    over(`    "network.mixers[0].kernel": [5, ${HERE}1],`),
    "FOV0011",
    'over["network.mixers[0].kernel"][1]',
  ],
  [
    "what only two axes make wrong together",
    over(`    "recipe.lr": [1e-3, 1e-5],\n    "recipe.minLr": [0, ${HERE}1e-4],`),
    "FOV0001",
    'over["recipe.minLr"][1]',
  ],
  [
    "what another option makes wrong",
    over(`    "recipe.lr": [${HERE}1e-9],\n    "recipe.batch": [2, 4],`),
    "FOV0001",
    'over["recipe.lr"][0]',
  ],
  [
    "a list of another length",
    over(`    "network.widths": [[8, 8], ${HERE}[8]],`),
    "FOV0020",
    'over["network.widths"][1]',
  ],
  ["text for a network", over(`    network: [${HERE}"pelk_tiny"],`), "FOV0001", "over.network[0]"],
  ["nothing for data", over(`    data: [${HERE}null],`), "FOV0001", "over.data[0]"],
  ["a symbol", over(`    "recipe.lr": [${HERE}Symbol("x")],`), "FOV0001", 'over["recipe.lr"][0]'],
  [
    "a peer's network on a path of ours",
    over(`    network: [timm("resnet18")],\n    "network.widths": ${HERE}[[8, 8]],`),
    "FOV0041",
    'over["network.widths"]',
  ],
  // Functions
  [
    "a function that throws",
    over(
      `    "recipe.lr": [\n      1e-3,\n      ${HERE}(e) => {\n        throw new TypeError("no such thing");\n      },\n    ],`,
    ),
    "FOV0111",
    'over["recipe.lr"][1]',
  ],
  [
    "a function that throws text",
    over(`    "recipe.lr": [${HERE}() => { throw "no"; }],`),
    "FOV0111",
    'over["recipe.lr"][0]',
  ],
  [
    "a function without return",
    over(`    "recipe.lr": [${HERE}(e) => { e.recipe.lr; }],`),
    "FOV0111",
    'over["recipe.lr"][0]',
  ],
  [
    "an async function",
    over(`    "recipe.lr": [${HERE}async () => 1],`),
    "FOV0111",
    'over["recipe.lr"][0]',
  ],
  [
    "a function of a function",
    over(`    "recipe.lr": [${HERE}() => () => 1],`),
    "FOV0111",
    'over["recipe.lr"][0]',
  ],
  [
    "a function that changes the base",
    over(`    "recipe.lr": [${HERE}(e) => { e.recipe.lr = 1; return 1; }],`),
    "FOV0111",
    'over["recipe.lr"][0]',
  ],
  [
    "a function that gives a wrong value",
    over(`    "recipe.lr": [${HERE}(e) => -e.recipe.lr],`),
    "FOV0001",
    'over["recipe.lr"][0]',
  ],
  [
    "a mistake of the DSL's within a function",
    over(
      `    network: [\n      (e) =>\n        network("other", {\n          ...e.network,\n          widths: [8, ${HERE}0],\n        }),\n    ],`,
    ),
    "FOV0001",
    "widths[1]",
  ],
  [
    "a wrong value before a function is asked",
    over(
      `    "network.widths": [[${HERE}"8", 8]],\n    "recipe.lr": [(e) => e.network.widths[0].toFixed()],`,
    ),
    "FOV0001",
    'over["network.widths"][0][0]',
  ],
  // where
  [
    "a where that throws",
    over(`    "recipe.lr": [1],`, `  where: ${HERE}({ nothing }) => nothing.at(0),`),
    "FOV0111",
    "where",
  ],
  [
    "a where without return",
    over(`    "recipe.lr": [1],`, `  where: ${HERE}({ seed }) => { seed === 1; },`),
    "FOV0111",
    "where",
  ],
  [
    "a where that leaves nothing",
    over(`    "recipe.lr": [1],`, `  where: ${HERE}({ seed }) => seed === 1,`),
    "FOV0112",
    "where",
  ],
];

describe("a mistake in a sweep is told at the option's value", () => {
  test.each(WRONG)("%s", async (_, text, code, path) => {
    const error = await mistake(project({ "main.ts": text }));
    expect(error).toMatchObject({ code, path, file: "main.ts", ...here(text) });
    expect(error.allowed).toBeTruthy();
    expect(error.fix).toBeTruthy();
    expect(error.text).not.toMatch(INTERNAL);
  });
});

test("the nearest paths are told, with [*] where it was written", async () => {
  const { fix } = await mistake(
    project({ "main.ts": over(`    "network.mixer[*].kernel": [31],`) }),
  );
  expect(fix).toContain("network.mixers[*].kernel");
});

test("entries that lack an option are named", async () => {
  const { message, fix } = await mistake(
    project({ "main.ts": over(`    "network.mixers[*].centre": [3],`) }),
  );
  expect(message).toContain("network.mixers[1] (dense) has no centre");
  expect(fix).toContain("network.mixers[0].centre");
});

test("a mistake of several axes tells the run", async () => {
  const { message } = await mistake(
    project({ "main.ts": over(`    "recipe.lr": [1e-3, 1e-5],\n    "recipe.minLr": [0, 1e-4],`) }),
  );
  expect(message).toContain("recipe.lr 0.00001, recipe.minLr 0.0001");
});

test("a path that one run's network has not tells the run", async () => {
  const text = over(`    network: [net, timm("resnet18")],\n    "network.widths": [[8, 8]],`);
  const { message } = await mistake(project({ "main.ts": text }));
  expect(message).toContain("in the run with network timm_resnet18");
});

test("a sweep in a helper has its mistakes there", async () => {
  const helper = `${BASE}export const wide = bad(sweep)({\n  base,\n  over: { "network.widen": [1, ${HERE}-1] },\n});\n`;
  const error = await mistake(
    project({
      "main.ts": 'import { wide } from "./helper.js";\nexport default wide;\n',
      "helper.ts": helper,
    }),
  );
  expect(error).toMatchObject({ code: "FOV0001", file: "helper.ts", ...here(helper) });
});
