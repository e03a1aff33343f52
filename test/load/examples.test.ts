import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
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

test("the network of the design's section 3", async () => {
  const { networks } = await load(folder, "my-pelk.arch.ts");
  expect(networks).toMatchObject([{ name: "my_pelk", widen: 1.3, depths: [3, 3, 9, 3] }]);
});
