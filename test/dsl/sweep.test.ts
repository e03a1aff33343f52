import { describe, expect, test } from "vitest";
import {
  classifier,
  dense,
  digits,
  experiment,
  imageFolder,
  isSweep,
  network,
  peripheral,
  recipe,
  sparsity,
  stem,
  sweep,
  timm,
} from "../../src/dsl/index.js";
import { applySettings } from "../../src/harness/settings.js";
import type { FoveaError } from "../../src/ir/error.js";
import { contentHash } from "../../src/ir/hash.js";
import type { Sweep } from "../../src/ir/sweep.js";
import { isPeer } from "../../src/ir/trainable.js";

const net = network("two_stages", {
  input: { channels: 1, size: 32 },
  stem: stem.patchify({ stride: 4 }),
  depths: [1, 2],
  widths: [8, 16],
  mixers: [peripheral({ kernel: 31, centre: 5 }), peripheral({ kernel: 15, centre: 5 })],
  head: classifier(10),
});
const base = experiment({
  name: "two",
  network: net,
  data: digits({ train: 64, test: 32 }),
  recipe: { epochs: 2, batch: 16 },
  seed: 3,
});

const mistake = (make: () => unknown): FoveaError["details"] => {
  try {
    make();
  } catch (error) {
    return (error as FoveaError).details;
  }
  throw new Error("nothing is wrong with it");
};

/** The mixers of each run. */
const mixersOf = ({ points }: Sweep) =>
  points.map(({ experiment: { network: each } }) => (isPeer(each) ? [] : each.mixers));

test("the product in the order written: first axis slowest, seeds fastest", () => {
  const made = sweep({
    base,
    over: { "recipe.lr": [1, 2], "network.widen": [1, 2] },
    seeds: [5, 4],
  });
  expect(made.axes).toEqual(["recipe.lr", "network.widen"]);
  expect(
    made.points.map(({ axes, seed }) => [axes["recipe.lr"], axes["network.widen"], seed]),
  ).toEqual([
    [1, 1, 5],
    [1, 1, 4],
    [1, 2, 5],
    [1, 2, 4],
    [2, 1, 5],
    [2, 1, 4],
    [2, 2, 5],
    [2, 2, 4],
  ]);
  for (const { axes, seed, experiment: run } of made.points) {
    expect(run).toMatchObject({ seed, recipe: { lr: axes["recipe.lr"] }, name: "two" });
  }
});

test("each run is what experiment() makes of the same, hash and all", () => {
  const { points } = sweep({
    base,
    over: { "network.mixers[*].kernel": [21], recipe: [{ lr: 0.01 }] },
    seeds: [7],
  });
  const declared = experiment({
    name: "two",
    network: network("two_stages", {
      ...net,
      mixers: [peripheral({ kernel: 21, centre: 5 }), peripheral({ kernel: 21, centre: 5 })],
    }),
    data: digits({ train: 64, test: 32 }),
    recipe: { lr: 0.01 },
    seed: 7,
  });
  expect(points).toEqual([
    {
      axes: { "network.mixers[*].kernel": 21, recipe: { lr: 0.01 } },
      seed: 7,
      hash: contentHash(declared),
      experiment: declared,
    },
  ]);
});

test("an axis writes what --set writes", () => {
  const paths = {
    "network.mixers[0].centre": 3,
    "network.mixers[*].kernel": [21, 23],
    "network.depths.1": 3,
    "sparsity.amount": 0.5,
    "recipe.augment": { mixup: 0.5 },
    "network.block": { expansion: 2 },
    seed: 9,
  };
  for (const [path, value] of Object.entries(paths)) {
    const { points } = sweep({ base, over: { [path]: [value] } as never });
    const set = applySettings(base, [`${path}=${JSON.stringify(value)}`]);
    expect(points.map(({ experiment: run }) => run)).toEqual([set]);
  }
});

test("no axis and no seeds is the base alone; its seed is the default", () => {
  const made = sweep({ base, over: {} });
  expect(made).toEqual({
    kind: "sweep",
    name: "two",
    axes: [],
    points: [{ axes: {}, seed: 3, hash: contentHash(base), experiment: base }],
  });
  expect(sweep({ base, over: {}, name: "other" })).toMatchObject({
    name: "other",
    points: [{ experiment: { name: "two" } }],
  });
});

test("a seed may be an axis", () => {
  const { points } = sweep({ base, over: { seed: [1, 2], "recipe.lr": [1] } });
  expect(points.map(({ seed, experiment: run }) => [seed, run.seed])).toEqual([
    [1, 1],
    [2, 2],
  ]);
});

test("equal runs are one, the first", () => {
  const made = sweep({
    base,
    over: { "recipe.lr": [1, 1, 2], sparsity: [null, { amount: 0.4 }, {}] },
    seeds: [0, 0],
  });
  expect(made.points.map(({ axes }) => axes)).toEqual([
    { "recipe.lr": 1, sparsity: null },
    { "recipe.lr": 1, sparsity: { amount: 0.4 } },
    { "recipe.lr": 2, sparsity: null },
    { "recipe.lr": 2, sparsity: { amount: 0.4 } },
  ]);
});

test("of equal runs the first that is wanted", () => {
  const { points } = sweep({
    base,
    over: { sparsity: [{}, { amount: 0.4 }] },
    where: ({ axes }) => axes.sparsity.amount === 0.4,
  });
  expect(points.map(({ axes }) => axes["sparsity"])).toEqual([{ amount: 0.4 }]);
});

test("where() sees values, seeds and experiments", () => {
  const { points } = sweep({
    base,
    over: { "recipe.lr": [1, 2], network: [net, timm("resnet18")] },
    seeds: [0, 1],
    where: ({ axes, seed, experiment: run }) =>
      axes["recipe.lr"] === 2 && seed === 1 && run.network.kind === "timm",
  });
  expect(points).toMatchObject([{ seed: 1, experiment: { network: { model: "resnet18" } } }]);
});

describe("functions", () => {
  test("see the experiment as the axes before made it, and their values", () => {
    const seen: unknown[] = [];
    const { points } = sweep({
      base,
      over: {
        "recipe.batch": [8, 32],
        "recipe.lr": [
          (run, axes) => {
            seen.push([run.recipe.batch, axes]);
            return run.recipe.batch / 1000;
          },
        ],
        "recipe.weightDecay": [({ recipe: { lr } }) => lr * 10, 0],
      },
      seeds: [0, 1, 2],
    });
    expect(seen).toEqual([
      [8, { "recipe.batch": 8 }],
      [32, { "recipe.batch": 32 }],
    ]);
    expect(points.map(({ axes }) => Object.values(axes))).toEqual([
      ...Array(3).fill([8, 0.008, 0.08]),
      ...Array(3).fill([8, 0.008, 0]),
      ...Array(3).fill([32, 0.032, 0.32]),
      ...Array(3).fill([32, 0.032, 0]),
    ]);
  });

  test("make networks of the one before", () => {
    const { points } = sweep({
      base,
      over: {
        "network.widen": [1, 2],
        network: [
          (run) => ({ ...run.network, widths: run.network.widths.map((width) => width * 2) }),
        ],
      },
    });
    expect(points).toMatchObject([
      { experiment: { network: { widen: 1, widths: [16, 32] } } },
      { experiment: { network: { widen: 2, widths: [16, 32] } } },
    ]);
    expect(points[0]?.axes["network"]).toEqual(points[0]?.experiment.network);
  });
});

describe("whole parts are completed as the DSL does", () => {
  test("recipes, sparsities, data", () => {
    const { points } = sweep({
      base,
      over: {
        recipe: [{ lr: 1 }, recipe.digits()],
        sparsity: [null, {}, sparsity.slak("tiny")],
        data: [digits(), imageFolder({ root: "r" })],
      },
    });
    const whole = { name: "two", network: net, seed: 3 };
    expect(points.map(({ experiment: run }) => run)).toEqual(
      [{ lr: 1 }, recipe.digits()].flatMap((r) =>
        [null, {}, sparsity.slak("tiny")].flatMap((s) =>
          [digits(), imageFolder({ root: "r" })].map((data) =>
            experiment({ ...whole, recipe: r, sparsity: s, data }),
          ),
        ),
      ),
    );
  });

  test("an option after its whole part", () => {
    const { points } = sweep({
      base,
      over: { recipe: [{ lr: 1 }, { lr: 2 }], "recipe.batch": [1, 2] },
    });
    const made = points.map(({ experiment: run }) => [run.recipe.lr, run.recipe.batch]);
    expect(made).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
    ]);
  });
});

describe("every entry of a list", () => {
  test("and then one of them", () => {
    const made = sweep({
      base,
      over: { "network.mixers[*].kernel": [21], "network.mixers[1].kernel": [5, 7] },
    });
    const kernels = mixersOf(made).map((all) => all.map((each) => "kernel" in each && each.kernel));
    expect(kernels).toEqual([
      [21, 5],
      [21, 7],
    ]);
  });

  test("mixers of different kinds that have the option", () => {
    const mixed = experiment({
      ...base,
      network: network("mixed", {
        ...net,
        mixers: [net.mixers[0] ?? dense({ kernel: 3 }), dense({ kernel: 3 })],
      }),
    });
    const { points } = sweep({ base: mixed, over: { "network.mixers[*].kernel": [9] } });
    expect(points[0]?.experiment.network).toMatchObject({ mixers: [{ kernel: 9 }, { kernel: 9 }] });
  });

  test("a list that is empty has none", () => {
    const over = { "recipe.milestones[*]": [1] };
    expect(mistake(() => sweep({ base, over }))).toMatchObject({ code: "FOV0041" });
  });

  test("another centre takes its own usual branch, unless an axis sets it", () => {
    const branches = (over: object) =>
      mixersOf(sweep({ base, over: over as never })).map((all) => all.map(({ branch }) => branch));
    expect(branches({ "network.mixers[*].centre": [3, 5] })).toEqual([
      [false, false],
      [5, 5],
    ]);
    expect(branches({ "network.mixers[*].centre": [3], "network.mixers[*].branch": [5] })).toEqual([
      [5, 5],
    ]);
    expect(branches({ "network.mixers[*].branch": [5], "network.mixers[0].centre": [3] })).toEqual([
      [5, 5],
    ]);
    expect(branches({ "network.mixers[0].branch": [5], "network.mixers[*].centre": [3] })).toEqual([
      [5, false],
    ]);
  });
});

test("nothing of a sweep can be changed, and nothing that was given is frozen", () => {
  const given = { base, over: { "network.widths": [[8, 8]], "recipe.lr": [1] }, seeds: [1] };
  const made = sweep(given as never);
  const frozen = (value: unknown): boolean =>
    typeof value !== "object" ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(frozen));
  expect(frozen(made)).toBe(true);
  expect([given, given.over, given.over["network.widths"], given.seeds].some(Object.isFrozen)).toBe(
    false,
  );
  given.over["network.widths"][0]?.push(9);
  expect(made.points[0]?.axes["network.widths"]).toEqual([8, 8]);
});

test("a sweep is what sweep() returned itself", () => {
  const made = sweep({ base, over: {} });
  expect(isSweep(made)).toBe(true);
  for (const other of [{ ...made }, structuredClone(made), null, 3]) {
    expect(isSweep(other)).toBe(false);
  }
});

describe("runs are counted before they are made", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  test("10,000 are a sweep", () => {
    const { points } = sweep({ base, over: { "recipe.lr": many(100) }, seeds: many(100) });
    expect(points).toHaveLength(10_000);
    expect(new Set(points.map(({ hash }) => hash)).size).toBe(10_000);
  });

  test.each([
    ["10,001", { "recipe.lr": many(10_001) }, undefined],
    ["with seeds", { "recipe.lr": many(101) }, many(100)],
    ["seeds alone", {}, many(10_001)],
    [
      "twenty axes",
      Object.fromEntries(many(20).map((i) => [`network.widths[${i}]`, many(99)])),
      [1],
    ],
    ["wanted or not, equal or not", { "recipe.lr": new Array(20_000).fill(1) }, undefined],
    ["a list beyond all memory", { "recipe.lr": new Array(2 ** 32 - 1) }, undefined],
  ])("%s", (_, over, seeds) => {
    const called = () => {
      throw new Error("it was expanded");
    };
    const details = mistake(() => sweep({ base, over, seeds, where: called } as never));
    expect(details).toMatchObject({ code: "FOV0022", path: "over" });
  });
});
