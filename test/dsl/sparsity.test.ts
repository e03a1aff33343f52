import { describe, expect, test } from "vitest";
import { digits, experiment, pelk } from "../../src/dsl/index.js";
import { FoveaError } from "../../src/ir/error.js";

const tiny = pelk("tiny");

/** An experiment with a sparsity of any kind. */
function sparse(sparsity: unknown) {
  const options = { name: "a", network: tiny, data: digits(), sparsity };
  return experiment(options as Parameters<typeof experiment>[0]);
}

/** What is said of a sparsity that is none. */
function mistake(sparsity: unknown) {
  try {
    sparse(sparsity);
  } catch (error) {
    if (error instanceof FoveaError) return error.details;
    throw error;
  }
  throw new Error("no mistake was found");
}

test("what is left out is completed by SLaK's figures for S and B", () => {
  const usual = {
    amount: 0.4,
    init: "snip",
    every: 100,
    prune: 0.3,
    grow: "random",
    on: "shared",
  };
  expect(sparse({}).sparsity).toEqual(usual);
  expect(sparse({ every: 2000, prune: undefined }).sparsity).toEqual({ ...usual, every: 2000 });
  expect(sparse({ grow: "gradient", on: "expanded", init: "erk" }).sparsity).toEqual({
    ...usual,
    grow: "gradient",
    on: "expanded",
    init: "erk",
  });
});

test("without one, and with null, all weights are trained", () => {
  expect(sparse(undefined).sparsity).toBeNull();
  expect(sparse(null).sparsity).toBeNull();
});

test("a completed one is one", () => {
  const { sparsity } = sparse({ every: 7 });
  expect(sparse(sparsity).sparsity).toEqual(sparsity);
  expect(Object.isFrozen(sparsity)).toBe(true);
});

test("the amount of an experiment is its own, whatever the network declares", () => {
  expect(tiny.sparsity).toBe(0.4);
  expect(sparse({ amount: 0.9 })).toMatchObject({
    network: { sparsity: 0.4 },
    sparsity: { amount: 0.9 },
  });
});

describe("mistakes", () => {
  test("an unknown option is named, with the one that was meant", () => {
    expect(mistake({ evry: 5 })).toMatchObject({
      path: "sparsity.evry",
      allowed: "amount, init, every, prune, grow, on",
      fix: "write every",
    });
    expect(mistake({ steps: 5 }).path).toBe("sparsity.steps");
    expect(mistake({ seed: 5 }).path).toBe("sparsity.seed");
  });

  test.each([
    ["amount", 0],
    ["amount", 1],
    ["amount", -0.4],
    ["amount", Number.NaN],
    ["prune", 0],
    ["prune", 1],
    ["every", 0],
    ["every", 2.5],
    ["every", 1e10],
    ["init", "ERK"],
    ["init", null],
    ["grow", "momentum"],
    ["on", "merged"],
  ])("%s cannot be %s", (option, value) => {
    const said = mistake({ [option]: value });
    expect(said.path).toBe(`sparsity.${option}`);
    expect(said.code).toBe("FOV0001");
    expect(said.allowed).toBeTruthy();
    expect(said.fix).toContain(`write ${option}: `);
  });

  test("choices and ranges are spelled out", () => {
    expect(mistake({ init: "ERK" }).allowed).toBe('"snip", "uniform" or "erk"');
    expect(mistake({ grow: "x" }).allowed).toBe('"random" or "gradient"');
    expect(mistake({ on: "x" }).allowed).toBe('"shared" or "expanded"');
    expect(mistake({ amount: 2 }).allowed).toBe("a number between 0 and 1");
    expect(mistake({ amount: "0.4" }).fix).toBe("write 0.4 without quotes");
  });

  test.each([[0.4], ["erk"], [[0.4]], [true]])("%j is no sparsity", (value) => {
    expect(mistake(value)).toMatchObject({
      path: "sparsity",
      fix: "write sparsity: { amount: 0.4 }",
    });
  });
});
