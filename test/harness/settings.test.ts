import { describe, expect, test } from "vitest";
import { classifier, digits, experiment, network, peripheral, stem } from "../../src/dsl/index.js";
import { applySettings } from "../../src/harness/settings.js";
import type { FoveaError } from "../../src/ir/error.js";

/** An experiment of three stages, whatever the shipped ones are. */
function declared() {
  const net = network("three_stages", {
    input: { channels: 1, size: 64 },
    stem: stem.patchify({ stride: 4 }),
    depths: [1, 1, 2],
    widths: [32, 64, 96],
    mixers: [
      peripheral({ kernel: 31, centre: 5 }),
      peripheral({ kernel: 15, centre: 5 }),
      peripheral({ kernel: 7, centre: 5 }),
    ],
    head: classifier(10),
  });
  return experiment({
    name: "three",
    network: net,
    task: "classification",
    data: digits({ train: 64, test: 32 }),
    recipe: { epochs: 2, batch: 16 },
    seed: 0,
  });
}

const set = (...assignments: string[]) => applySettings(declared(), assignments);

function mistake(...assignments: string[]): FoveaError["details"] {
  try {
    set(...assignments);
  } catch (error) {
    return (error as FoveaError).details;
  }
  throw new Error("nothing is wrong with it");
}

test("nothing set is the experiment itself", () => {
  const given = declared();
  expect(applySettings(given, [])).toBe(given);
});

describe("a value is read as JSON, else as text", () => {
  test.each([
    ["recipe.lr=1e-2", (e: ReturnType<typeof declared>) => e.recipe.lr, 0.01],
    ["recipe.ema=0.9", (e: ReturnType<typeof declared>) => e.recipe.ema, 0.9],
    ["recipe.ema=false", (e: ReturnType<typeof declared>) => e.recipe.ema, false],
    ["recipe.steps=null", (e: ReturnType<typeof declared>) => e.recipe.steps, null],
    ["recipe.amp=bf16", (e: ReturnType<typeof declared>) => e.recipe.amp, "bf16"],
    ['recipe.amp="fp16"', (e: ReturnType<typeof declared>) => e.recipe.amp, "fp16"],
    ["network.description=a=b", (e: ReturnType<typeof declared>) => e.network.description, "a=b"],
    ["network.depths=[1,1,1]", (e: ReturnType<typeof declared>) => e.network.depths, [1, 1, 1]],
    ["network.depths[2]=5", (e: ReturnType<typeof declared>) => e.network.depths[2], 5],
    ["network.depths.2=5", (e: ReturnType<typeof declared>) => e.network.depths[2], 5],
    ["network.mixers.0.kernel=[31,21]", kernel, [31, 21]],
    ["network.mixers[0].kernel=33", kernel, 33],
  ] as const)("%s", (assignment, look, value) => {
    expect(look(set(assignment) as ReturnType<typeof declared>)).toEqual(value);
  });

  function kernel(e: ReturnType<typeof declared>): unknown {
    const mixer = e.network.mixers[0];
    return mixer !== undefined && "kernel" in mixer ? mixer.kernel : undefined;
  }
});

describe("another centre takes its own usual branch", () => {
  const first = (...assignments: string[]) =>
    (set(...assignments) as ReturnType<typeof declared>).network.mixers[0];
  const centre = "network.mixers[0].centre";
  test.each([
    [[`${centre}=3`], false],
    [[`${centre}=7`], 5],
    [[`${centre}=3`, `${centre}=9`], 5],
    [["network.mixers[0].branch=5", `${centre}=3`], 5],
    [[`${centre}=3`, "network.mixers.0.branch=3"], 3],
  ] as const)("%s", (assignments, branch) => {
    expect(first(...assignments)).toMatchObject({ branch });
  });

  test("as if it had been declared so", () => {
    expect(first(`${centre}=3`)).toEqual(peripheral({ kernel: 31, centre: 3 }));
  });

  test("a branch that is none of the usual ones stays", () => {
    const given = structuredClone(declared());
    Object.assign(given.network.mixers[0] ?? {}, { branch: 3 });
    const changed = applySettings(given, [`${centre}=1`]);
    expect(changed).toMatchObject({ network: { mixers: [{ branch: 3 }, {}, {}] } });
  });
});

test("[*] is every entry of a list", () => {
  const changed = set(
    "network.mixers[*].kernel=7",
    "network.mixers[1].kernel=9",
    "network.depths[*]=2",
  );
  expect(changed.network).toMatchObject({
    mixers: [{ kernel: 7 }, { kernel: 9 }, { kernel: 7 }],
    depths: [2, 2, 2],
  });
  expect(set("network.mixers[*].centre=3").network).toMatchObject({
    mixers: [{ branch: false }, { branch: false }, { branch: false }],
  });
  const branches = set("network.mixers[*].branch=5", "network.mixers[1].centre=3");
  expect(branches.network).toMatchObject({ mixers: [{}, { centre: 3, branch: 5 }, {}] });
});

test("a part of a recipe is completed as the declaration is", () => {
  const { recipe } = set('recipe={"lr":0.5,"augment":{"flip":0.5}}');
  const { recipe: declaredSo } = experiment({
    ...declared(),
    recipe: { lr: 0.5, augment: { flip: 0.5 } },
  });
  expect(recipe).toEqual(declaredSo);
});

test("the last word counts, and the given experiment stays as it is", () => {
  const given = declared();
  const before = JSON.stringify(given);
  const changed = applySettings(given, ["seed=1", "seed=2", "recipe.batch=8"]);
  expect(changed).toMatchObject({ seed: 2, recipe: { batch: 8 } });
  expect(JSON.stringify(given)).toBe(before);
});

describe("an unknown path is refused, with the nearest names", () => {
  test.each([
    ["recipe.learning_rate=1", "recipe.learning_rate", /batch/],
    ["recip.lr=1", "recip.lr", /recipe/],
    ["recipe.btach=1", "recipe.btach", /recipe\.batch/],
    ["lr=1", "lr", /recipe\.lr/],
    ["mixers[0].kernel=31", "mixers[0].kernel", /network\.mixers/],
    ["network.mixers[7].kernel=31", "network.mixers[7].kernel", /0, 1, 2/],
    ["recipe.lr.x=1", "recipe.lr.x", /no settings/],
    ["__proto__.polluted=1", "__proto__.polluted", /./],
    ["constructor=1", "constructor", /./],
    ["recipe[*].lr=1", "recipe[*].lr", /steps/],
    ["network.mixers[*].kernal=31", "network.mixers[*].kernal", /network\.mixers\[\*\]\.kernel/],
    ["network.depths.length=1", "network.depths.length", /./],
  ])("%s", (assignment, path, hint) => {
    const details = mistake(assignment);
    expect(details).toMatchObject({ code: "FOV0041", path });
    expect(`${details.allowed} ${details.fix}`).toMatch(hint);
  });

  test("nothing is polluted", () => {
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});

describe("a wrong value is refused with its path and what is allowed", () => {
  test.each([
    ["recipe.lr=0", "recipe.lr"],
    ["recipe.lr=NaN", "recipe.lr"],
    ["recipe.lr=1e999", "recipe.lr"],
    ["recipe.batch=2.5", "recipe.batch"],
    ["recipe.optimizer=sgd", "recipe.optimizer"],
    ["seed=-1", "seed"],
    ["network.mixers[0].kernel=50", "network.mixers[0].kernel"],
    ["network.mixers[0].centre=33", "network.mixers[0].centre"],
    ["network.widths=[8]", "network.widths"],
    ["network.name=../x", "network.name"],
    ["name=a b", "name"],
    ["data.train=0", "data.train"],
    ["kind=network", "kind"],
  ])("%s", (assignment, path) => {
    const details = mistake(assignment);
    expect(details.path).toBe(path);
    expect(details.value).toBeDefined();
    expect(details.allowed ?? details.fix).toBeTruthy();
  });
});

test.each(["", "recipe.lr", "=1", ".=1", "recipe..lr=1", "[0]=1"])(
  "%j is no assignment",
  (assignment) => {
    expect(["FOV0040", "FOV0041"]).toContain(mistake(assignment).code);
  },
);

describe("sparsity", () => {
  const usual = {
    amount: 0.4,
    init: "snip",
    every: 100,
    prune: 0.3,
    grow: "random",
    on: "shared",
  };

  test("one option of it asks for the usual one where there is none", () => {
    const { sparsity } = applySettings(declared(), ["sparsity.every=5", "sparsity.init=erk"]);
    expect(sparsity).toEqual({ ...usual, every: 5, init: "erk" });
  });

  test("a part of it is completed, null takes it away, and one that is there is changed", () => {
    const some = applySettings(declared(), ['sparsity={"amount":0.8,"grow":"gradient"}']);
    expect(some.sparsity).toEqual({ ...usual, amount: 0.8, grow: "gradient" });
    const changed = applySettings(some, ["sparsity.every=7"]);
    expect(changed.sparsity).toEqual({ ...usual, amount: 0.8, grow: "gradient", every: 7 });
    expect(applySettings(some, ["sparsity=null"]).sparsity).toBeNull();
  });

  test("an unknown option and a wrong value are named", () => {
    expect(() => applySettings(declared(), ["sparsity.evry=5"])).toThrow(
      /no setting sparsity.evry/,
    );
    expect(() => applySettings(declared(), ["sparsity.amount=2"])).toThrow(/sparsity.amount/);
    expect(() => applySettings(declared(), ["sparsity=on"])).toThrow(/sparsity cannot be "on"/);
  });
});
