import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Bench } from "../../src/ir/bench.js";
import { compareBench, comparisonLines } from "../../src/report/bench-changes.js";
import { benchChart } from "../../src/report/bench-chart.js";
import { benchMarkdown, benchText } from "../../src/report/bench-text.js";
import { writeBench } from "../../src/report/write-bench.js";
import { benchOf, benchShape } from "../support/benches.js";
import { temporaryFolder } from "../support/temporary.js";

const first = (bench: Bench): Bench["kernels"][number] => {
  const [kernel] = bench.kernels;
  if (kernel === undefined) throw new Error("a bench without kernels");
  return kernel;
};

test("text tells medians, spread, shares, the best peer and what has no times", () => {
  const text = benchText(first(benchOf([benchShape(2)])));
  expect(text).toContain("peripheral_51x51_c5 on 4×46×56×56 float32, cpu, 2 threads");
  expect(text).toContain("copies 20.0 GB/s, float32 matrix products 100 GFLOP/s");
  expect(text).toMatch(
    /^peer torch_fft +3 +2\.70–3\.60 +1\.50 +3\.3% +5\.0% +9 +8\.10–10\.80 +1\.50 +1\.1% +5\.0% +3\.0$/m,
  );
  expect(text).toContain(
    "forward+backward: the best peer, torch_fft, takes 1.50 times as long as auto, which reaches 1.7% of the memory floor's speed",
  );
  expect(text).toContain("auto takes fft: it is put at 5 us");
  expect(text).toContain("replknet_cutlass is skipped: it is a CUDA extension");
  expect(text).toContain("conv2d_channels_last is wrong, and not timed there: forward: forward is");
  expect(text).not.toMatch(/^peer (conv2d_channels_last|replknet)/m);
});

test("a kernel that fails says so in text and Markdown", () => {
  const bench = benchOf([]);
  const failed = { ...first(bench), failures: ["auto on (1, 2): off by 1"], passed: false };
  expect(benchText(failed)).toBe("FAILED: auto on (1, 2): off by 1");
  expect(benchMarkdown({ kernels: [failed] })).toContain("**FAILED**: auto on (1, 2): off by 1");
});

test("the folder holds the same bench as JSON, as a table and as a picture", () => {
  const folder = temporaryFolder();
  const bench = benchOf([benchShape(2), benchShape(4, { shape: [4, 93, 28, 28] })]);
  const files = writeBench(bench, folder);
  expect(files).toEqual(["bench.json", "bench.md", "bench.svg"].map((name) => join(folder, name)));
  expect(JSON.parse(readFileSync(join(folder, "bench.json"), "utf8"))).toEqual(bench);
  const markdown = readFileSync(join(folder, "bench.md"), "utf8");
  expect(markdown.match(/^\| auto \| /gm)).toHaveLength(2);
  expect(markdown).toContain("![Times](bench.svg)");
  const svg = readFileSync(join(folder, "bench.svg"), "utf8");
  expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  for (const text of ["4×93×28×28", "forward+backward", "peer torch_fft", ">30<"]) {
    expect(svg).toContain(text);
  }
  expect(svg.match(/<circle /g)).toHaveLength(2 * 2 * 3);
});

test("what was measured stays where the picture cannot be written", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "bench.svg"));
  expect(() => writeBench(benchOf([benchShape(2)]), folder)).toThrow("bench.svg");
  expect(existsSync(join(folder, "bench.json"))).toBe(true);
});

test("a bench without times has a picture too", () => {
  expect(benchChart({ kernels: [] })).toContain("<svg ");
});

test.each([
  [2, 2.1, false],
  [2, 1, false],
  [2, 2.3, true],
])("auto at %d ms, then %d: worse is %s", (before, after, worse) => {
  const comparison = compareBench(benchOf([benchShape(before)]), benchOf([benchShape(after)]), 0.1);
  expect(comparison.worse).toBe(worse);
  expect(comparison.changes.map((each) => [each.direction, each.worse])).toEqual([
    ["forward", worse],
    ["forward+backward", worse],
  ]);
  expect(comparison.changes[0]?.before).toBeCloseTo(before / 3);
  expect(comparison.changes[0]?.change).toBeCloseTo(after / before - 1);
  expect(comparisonLines(comparison)[0]?.includes("WORSE by more than 10.0%")).toBe(worse);
});

test("other code is compared; another shape, dtype, device or a missing ratio is told", () => {
  const before = benchOf([benchShape(2), benchShape(2, { dtype: "bfloat16" })]);
  const nothing = { forward: null, forward_backward: { name: "torch_fft", ratio: 1 } };
  const after = benchOf([
    benchShape(2, { best_peer: nothing }),
    benchShape(9, { shape: [1, 2, 3, 4] }),
  ]);
  first(after).hash = "cd".repeat(32);
  const comparison = compareBench(before, after, 0.1);
  expect(comparison.changes.map(({ direction }) => direction)).toEqual(["forward+backward"]);
  expect(comparison.incomparable).toEqual([
    "peripheral_51x51_c5 on 4×46×56×56 float32, forward: no ratio now",
    "peripheral_51x51_c5 on 1×2×3×4 float32 on cpu is not in the earlier file",
    "peripheral_51x51_c5 on 4×46×56×56 bfloat16 on cpu was not measured now",
  ]);
  first(after).device = "cuda";
  expect(compareBench(before, after, 0.1).changes).toEqual([]);
});
