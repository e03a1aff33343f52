import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exploreNetwork, withMeasured } from "../../../src/harness/explore/explore.js";
import { measuredSizes, measureVariants } from "../../../src/harness/explore/measure.js";
import { stageVariants } from "../../../src/harness/explore/variants.js";
import type { Bench } from "../../../src/ir/bench.js";
import { Bench as BenchSchema } from "../../../src/ir/bench.js";
import { findPython } from "../../../src/launch/python.js";
import { benchOf, benchShape } from "../../support/benches.js";
import { net, peripheral, stripes } from "../../support/networks.js";
import { temporaryFolder } from "../../support/temporary.js";

const NETWORK = net({
  depths: [2, 3],
  widths: [6, 8],
  input: { channels: 3, size: 64 },
  mixers: [peripheral(9, { partial: 0.5 }), stripes(7, { width: 3, branch: false })],
});
const SIDES = { kernels: [7, 11], centres: [3] };
const WORK = { batch: 2 };
const variants = [0, 1].flatMap((stage) => stageVariants(NETWORK, stage, SIDES).variants);

/** What Python would print: `auto` at 1 ms for every shape of a kernel, 3 with gradients. */
function measured(kernels: Readonly<Record<string, readonly number[]>>): Bench {
  return {
    kernels: Object.entries(kernels).flatMap(([kernel, shape]) => {
      return benchOf([benchShape(1, { shape: [...shape] })], kernel).kernels;
    }),
  };
}

const ALL = {
  peripheral_7x7_c3: [2, 3, 16, 16],
  peripheral_9x9_c5: [2, 3, 16, 16],
  peripheral_11x11_c3: [2, 3, 16, 16],
  dense_7x3: [2, 8, 8, 8],
  dense_3x7: [2, 8, 8, 8],
  dense_11x3: [2, 8, 8, 8],
  dense_3x11: [2, 8, 8, 8],
};

test("each distinct kernel is emitted once, and measured alone on the maps of its stage", async () => {
  const folder = temporaryFolder();
  const script = join(folder, "python");
  writeFileSync(script, '#!/bin/sh\nfor word in "$@"; do echo "$word" >&2; done\necho "{}"\n');
  chmodSync(script, 0o755);
  const words: string[] = [];
  const found = await measureVariants(variants, WORK, {
    python: { ...findPython(process.cwd()), command: script },
    device: "cpu",
    dtype: "bf16",
    threads: null,
    rounds: 3,
    onNote: (line) => words.push(line),
  });
  expect(found).toMatchObject({ exitCode: 0, document: {} });
  const files = words.filter((word) => word.endsWith(".py"));
  const names = files.map((file) => /([^/]+)\.py$/.exec(file)?.[1] ?? "");
  expect(names.toSorted()).toEqual(Object.keys(ALL).toSorted());
  expect(files.some(existsSync)).toBe(false);
  const shapes = words.filter((word) => word.includes("="));
  expect(shapes.toSorted()).toEqual(
    Object.entries(ALL)
      .map(([name, shape]) => `${name}=${shape}`)
      .toSorted(),
  );
  expect(words).toContain("--alone");
  expect(words.join(" ")).toContain("--device cpu --dtype bf16");
  expect(words.join(" ")).toContain("--rounds 3");
});

test("a stage's time is that of all its blocks and both stripes, in microseconds", () => {
  const sizes = measuredSizes(variants, WORK, measured(ALL));
  expect([...sizes.keys()]).toEqual([
    "0 7x7 3",
    "0 9x9 5",
    "0 11x11 3",
    "1 7x7 null",
    "1 11x11 null",
  ]);
  const usual = { peakMemory: 3 * 2 ** 20, failures: [] };
  expect(sizes.get("0 9x9 5")).toEqual({ ...usual, forward: 2000, training: 6000 });
  expect(sizes.get("1 11x11 null")).toEqual({ ...usual, forward: 6000, training: 18000 });
});

test("what failed its gate or was not measured has no time, and says why", () => {
  const { dense_7x3: _, ...others } = ALL;
  const bench = measured(others);
  const auto = bench.kernels
    .find(({ kernel }) => kernel === "peripheral_9x9_c5")
    ?.shapes[0]?.candidates.find(({ name }) => name === "auto");
  if (auto === undefined) throw new Error("auto is among the candidates");
  Object.assign(auto, { forward: null, forward_backward: null, failures: ["forward is off"] });
  const sizes = measuredSizes(variants, WORK, bench);
  expect(sizes.get("0 9x9 5")).toMatchObject({
    forward: null,
    training: null,
    failures: ["forward is off"],
  });
  expect(sizes.get("1 7x7 null")).toMatchObject({
    forward: null,
    training: null,
    failures: ["dense_7x3 was not measured on 2,8,8,8"],
  });
});

test("real kernels are timed behind their gate", { timeout: 300_000 }, async () => {
  const stage = stageVariants(NETWORK, 1, SIDES).variants;
  const found = await measureVariants(stage, WORK, {
    python: findPython(process.cwd()),
    device: "cpu",
    dtype: "fp32",
    threads: 1,
    rounds: 1,
    onNote: () => {},
  });
  expect(found.exitCode, found.said).toBe(0);
  const bench = BenchSchema.parse(found.document);
  for (const { passed, shapes } of bench.kernels) {
    expect(passed).toBe(true);
    expect(shapes[0]?.candidates.map(({ name }) => name)).toEqual(["auto"]);
  }
  const options = { ...SIDES, target: "cpu", dtype: "fp32", batch: 2, stage: 1 } as const;
  const on = { device: "cpu", name: "here", dtype: "fp32", batch: 2 };
  const explored = exploreNetwork(NETWORK, options);
  const { stages } = withMeasured(explored, measuredSizes(stage, WORK, bench), on);
  for (const { measured: times } of stages[0]?.sizes ?? []) {
    expect(times?.failures).toEqual([]);
    expect(times?.forward).toBeGreaterThan(0);
    expect(times?.training).toBeGreaterThan(times?.forward ?? 0);
    expect(times?.peakMemory).toBeGreaterThan(0);
  }
});
