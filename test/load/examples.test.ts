import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isPeer } from "../../src/ir/trainable.js";
import { loadSweep } from "../../src/load/load-sweep.js";
import { load } from "./project.js";

const folder = join(import.meta.dirname, "../../examples");

test.each(readdirSync(folder).filter((name) => name.endsWith(".ts")))("%s loads", async (name) => {
  const { networks, experiment } = await load(folder, name);
  expect(networks.length).toBeGreaterThan(0);
  expect(experiment !== null).toBe(name.endsWith(".experiment.ts"));
});

test.each(readdirSync(join(folder, "kernel-study")).filter((name) => name.includes("experiment")))(
  "kernel-study/%s loads",
  async (name) => {
    const { experiment } = await load(join(folder, "kernel-study"), name);
    expect(experiment?.network.name).toBe(`study_${name.split(".")[0]}`);
  },
);

/** Runs a seed of the paper's tables and figure, by their files. */
const RUNS: Readonly<Record<string, number>> = {
  "figure-6.sweep.ts": 12,
  "table-1.sweep.ts": 4,
  "table-5.sweep.ts": 6,
  "table-6.sweep.ts": 4,
  "table-7.sweep.ts": 5,
};

const sweepsIn = (below: string) =>
  readdirSync(join(folder, below))
    .filter((name) => name.endsWith(".sweep.ts"))
    .sort();

test("there is a sweep of each table at both scales", () => {
  expect(sweepsIn("sweeps")).toEqual(Object.keys(RUNS));
  expect(sweepsIn("sweeps/digits")).toEqual(Object.keys(RUNS));
});

test.each(Object.entries(RUNS))(
  "sweeps/%s: %d runs, with digits for three seeds",
  async (name, runs) => {
    const [full, small] = await Promise.all([
      loadSweep(name, join(folder, "sweeps")),
      loadSweep(name, join(folder, "sweeps/digits")),
    ]);
    const title = name.replace(".sweep.ts", "");
    for (const { sweep, count, named } of [
      { sweep: full.sweep, count: runs, named: title },
      { sweep: small.sweep, count: 3 * runs, named: `digits-${title}` },
    ]) {
      expect(sweep.name).toBe(named);
      expect(sweep.points).toHaveLength(count);
      expect(new Set(sweep.points.map(({ hash }) => hash)).size).toBe(count);
      for (const { experiment } of sweep.points) {
        expect(experiment.name).toBe(named);
        expect(isPeer(experiment.network)).toBe(false);
      }
    }
    const steps = small.sweep.points.map(({ experiment: { data, recipe } }) => [
      data.type,
      recipe.steps,
    ]);
    expect(new Set(steps.map(String))).toEqual(new Set(["digits,3000"]));
    for (const { experiment } of full.sweep.points) {
      expect(experiment).toMatchObject({ data: { type: "image_folder" }, recipe: { epochs: 120 } });
    }
  },
);

test("the networks of the tables are those that the paper prints", async () => {
  const points = async (name: string) =>
    (await loadSweep(name, join(folder, "sweeps"))).sweep.points;
  const centres = (await points("table-6.sweep.ts")).map(({ experiment: { network } }) =>
    isPeer(network)
      ? []
      : network.mixers.map((each) => [each.type === "peripheral" && each.centre, each.branch]),
  );
  expect(centres).toEqual(
    [
      [1, false],
      [3, false],
      [5, 5],
      [7, 5],
    ].map((one) => [one, one, one, one]),
  );
  const seven = (await points("table-7.sweep.ts")).map(({ experiment: { network } }) =>
    isPeer(network)
      ? []
      : [network.input.size, ...network.mixers.map((each) => "kernel" in each && each.kernel)],
  );
  expect(seven).toEqual([
    [224, 51, 49, 47, 13],
    [384, 51, 49, 47, 13],
    [224, 101, 69, 67, 13],
    [384, 101, 69, 67, 13],
    [224, 151, 89, 87, 13],
  ]);
});

test("the network of the design's section 3", async () => {
  const { networks } = await load(folder, "my-pelk.arch.ts");
  expect(networks).toMatchObject([{ name: "my_pelk", widen: 1.3, depths: [3, 3, 9, 3] }]);
});
