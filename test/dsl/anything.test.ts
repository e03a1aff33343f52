import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as dsl from "../../src/dsl/index.js";
import { isFoveaError } from "../../src/ir/error.js";
import { describeError, renderError } from "../../src/load/render-error.js";

const odd = fc.constantFrom(
  Number.NaN,
  -0,
  1e308,
  5n,
  Symbol("s"),
  () => 1,
  /x/,
  new Date(0),
  new Map(),
);
const anything = fc.oneof(
  fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withMap: true }),
  odd,
);

/** Options of the right names with anything for values. */
const options = (...names: string[]) =>
  fc.oneof(
    anything,
    fc.record(Object.fromEntries(names.map((name) => [name, anything])), { requiredKeys: [] }),
  );

const lists = ["input", "stem", "downsample", "block", "depths", "widths", "widen", "mixers"];
const network = options(...lists, "dropPath", "sparsity", "head", "description", "name", "kind");
const mixer = options(
  "kernel",
  "centre",
  "base",
  "remainder",
  "partial",
  "embedding",
  "branch",
  "cells",
  "rows",
  "columns",
  "width",
  "type",
);

const base = dsl.experiment({ name: "b", network: dsl.convnext("tiny"), data: dsl.digits() });
const PATHS = ["recipe.lr", "recipe", "network", "network.mixers[*]", "sparsity.amount", "seed"];
const axes = fc.record(
  Object.fromEntries([...PATHS, "nowhere"].map((path) => [path, fc.array(anything)])),
  { requiredKeys: [] },
);
/** Mostly with a right base, so that axes are looked at. */
const sweep = fc.oneof(
  options("base", "over", "seeds", "where", "name"),
  fc.record(
    { base: fc.constant(base), over: fc.oneof(axes, anything), seeds: anything, where: anything },
    { requiredKeys: ["base", "over"] },
  ),
);

const CALLS: Record<string, fc.Arbitrary<unknown[]>> = {
  network: fc.tuple(anything, network),
  pelk: fc.tuple(fc.oneof(anything, fc.constant("tiny")), network),
  peripheral: fc.tuple(mixer),
  grid: fc.tuple(mixer),
  dense: fc.tuple(mixer),
  stripes: fc.tuple(mixer),
  classifier: fc.tuple(anything),
  experiment: fc.tuple(options("name", "network", "task", "data", "recipe", "seed")),
  digits: fc.tuple(options("train", "test")),
  imageFolder: fc.tuple(options("root", "train", "validation", "workers", "corrupt")),
  webDataset: fc.tuple(options("train", "validation", "classes", "trainSize", "workers")),
  ade20k: fc.tuple(options("root", "crop", "workers", "corrupt")),
  coco: fc.tuple(options("root", "year", "scales", "maxSize")),
  sweep: fc.tuple(sweep),
  voc: fc.tuple(options("root", "year", "train", "validation", "scales", "maxSize")),
};

test.each(Object.keys(CALLS))(
  "%s() takes anything with a result or a mistake that can be shown",
  (name) => {
    const call = Reflect.get(dsl, name) as (...args: unknown[]) => unknown;
    fc.assert(
      fc.property(CALLS[name] ?? fc.constant([]), (args) => {
        try {
          expect(JSON.parse(JSON.stringify(call(...args)))).toBeTypeOf("object");
        } catch (error) {
          if (!isFoveaError(error)) throw error;
          expect(error.details.allowed).toBeTruthy();
          expect(error.details.fix).toBeTruthy();
          expect(JSON.stringify(describeError(error))).toBeTypeOf("string");
          expect(renderError(error)).toContain(error.code);
        }
      }),
      { numRuns: 300 },
    );
  },
);

test("what has a length that is no number is a mistake like any other", () => {
  const odd = { length: Object.create(null) };
  for (const call of [
    () => dsl.webDataset({ train: odd, validation: "v.tar", classes: 3 } as never),
    () => dsl.coco({ root: "coco", year: "2017", scales: odd } as never),
    () => dsl.network("net", { depths: odd, widths: odd, mixers: odd } as never),
    () => dsl.grid({ cells: odd } as never),
    () => dsl.recipe.digits({ milestones: odd } as never),
  ]) {
    expect(call).toThrow(expect.objectContaining({ name: "FoveaError" }));
  }
});
