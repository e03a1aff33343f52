import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { benchShapes } from "../../src/harness/bench-shapes.js";
import type { Network } from "../../src/ir/network.js";
import { net, pelk, slak } from "../support/networks.js";
import { temporaryFolder } from "../support/temporary.js";

function packageOf(network: Network): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "manifest.json"), JSON.stringify({ network, kernels: [] }));
  return folder;
}

test("every kernel of a package meets the maps and channels of its stage", () => {
  const folder = packageOf(pelk("tiny"));
  expect(benchShapes([folder], "cpu")).toEqual([
    "peripheral_51x51_c5=4,46,56,56",
    "peripheral_49x49_c5=4,93,28,28",
    "peripheral_47x47_c5=4,187,14,14",
    "peripheral_13x13_c5=4,374,7,7",
  ]);
  expect(benchShapes([folder, folder], "cuda")[0]).toBe("peripheral_51x51_c5=64,46,56,56");
  expect(benchShapes([folder, folder], "cuda")).toHaveLength(4);
});

test("both stripes are measured, and one kernel on all the maps that it meets", () => {
  const stripes = benchShapes([packageOf(slak("tiny"))], "cpu");
  expect(stripes).toContain("dense_51x5=4,124,56,56");
  expect(stripes).toContain("dense_5x51=4,124,56,56");
  const dense = benchShapes([packageOf(net())], "cpu");
  expect(dense.map((shape) => shape.split("=")[0])).toEqual(Array(4).fill("dense_7x7"));
});

test("a kernel file has no shapes; a manifest without a network is the user's mistake", () => {
  const folder = temporaryFolder();
  const file = join(folder, "kernel.py");
  writeFileSync(file, "");
  expect(benchShapes([file], "cpu")).toEqual([]);
  writeFileSync(join(folder, "manifest.json"), "{}");
  expect(() => benchShapes([folder], "cpu")).toThrow(join(folder, "manifest.json"));
});
