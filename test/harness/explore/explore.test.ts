import { beforeAll, describe, expect, test } from "vitest";
import { account } from "../../../src/analyse/account.js";
import {
  type ExploreOptions,
  exploreNetwork,
  withMeasured,
} from "../../../src/harness/explore/explore.js";
import { Exploration, type ExploredSize } from "../../../src/ir/exploration.js";
import { planLayers } from "../../../src/plan/layers.js";
import { dense, grid, net, pelk, peripheral, stripes } from "../../support/networks.js";

const H200 = { target: "sm_90", dtype: "bf16", batch: 64 } as const;
const KERNELS = [13, 31, 35, 51, 63, 65, 67, 101, 151];
const OPTIONS: ExploreOptions = { ...H200, kernels: KERNELS, centres: [5, 7] };

/** Cells from the centre tap outwards (facts, section 1), without the tool's own arithmetic. */
function halfGrid(kernel: number, centre: number): number[] {
  const half = Array.from({ length: (centre + 1) / 2 }, () => 1);
  let left = (kernel - centre) / 2;
  for (let width = 2; left > 0; width *= 2) {
    half.push(Math.min(width, left));
    left -= width;
  }
  return half;
}

const cellsOf = (kernel: number, centre: number): number => 2 * halfGrid(kernel, centre).length - 1;

/** Whether twos, fours, eights … sum to the radius outside the centre. */
const fills = (kernel: number, centre: number): boolean =>
  Number.isInteger(Math.log2((kernel - centre) / 2 + 2));

describe("PeLK-T on an H200", () => {
  let explored: Exploration;
  const size = (stage: number, kernel: number, centre: number | null = 5): ExploredSize => {
    const found = explored.stages[stage]?.sizes.find(
      (each) => each.kernel[0] === kernel && each.centre === centre,
    );
    if (found === undefined) throw new Error(`no ${kernel} with ${centre} in stage ${stage}`);
    return found;
  };
  beforeAll(() => {
    explored = exploreNetwork(pelk("tiny"), OPTIONS);
  });

  test("it is what its schema says", () => {
    expect(Exploration.parse(explored)).toEqual(explored);
  });

  test("every kernel with every centre is there once, and what is declared too, in order", () => {
    const declared = [51, 49, 47, 13];
    for (const { stage, sizes } of explored.stages) {
      const asked = KERNELS.flatMap((kernel) => [5, 7].map((centre) => [kernel, centre]));
      const own = [declared[stage] ?? 0, 5];
      const wanted = asked.some((each) => String(each) === String(own)) ? asked : [...asked, own];
      wanted.sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d);
      expect(sizes.map(({ kernel, centre }) => [kernel[1], centre])).toEqual(wanted);
      expect(sizes.filter((each) => each.declared).map(({ kernel }) => kernel[0])).toEqual([
        declared[stage],
      ]);
    }
  });

  test("cells and exact sizes are those of the definition", () => {
    for (const { sizes } of explored.stages) {
      for (const { kernel, centre, cells, exact, nearestExact } of sizes) {
        const side = cellsOf(kernel[0], centre ?? 0);
        expect(cells).toEqual([[side, side]]);
        expect(exact).toBe(fills(kernel[0], centre ?? 0));
        expect(nearestExact).toHaveLength(exact ? 0 : 2);
        for (const each of nearestExact) expect(fills(each, centre ?? 0)).toBe(true);
        if (!exact) {
          const [below = 0, above = 0] = nearestExact;
          expect(below < kernel[0] && kernel[0] < above).toBe(true);
          for (let between = below + 2; between < above; between += 2) {
            expect(fills(between, centre ?? 0)).toBe(false);
          }
        }
      }
    }
    expect(size(0, 67, 7)).toMatchObject({ exact: true, cells: [[15, 15]] });
    expect(size(0, 67, 5)).toMatchObject({ exact: false, nearestExact: [65, 129] });
  });

  test("parameters and multiply-adds differ by weights a block, one embedding and the taps", () => {
    const depths = [3, 3, 9, 3];
    const convolved = [46, 93, 187, 374];
    const maps = [56, 28, 14, 7];
    const declared = [51, 49, 47, 13];
    for (const { stage, sizes } of explored.stages) {
      const [depth = 0, channels = 0, map = 0, before = 0] = [
        depths[stage],
        convolved[stage],
        maps[stage],
        declared[stage],
      ];
      for (const { kernel, centre, params, difference, macs } of sizes) {
        const taps = kernel[0] ** 2 - before ** 2;
        const weights = cellsOf(kernel[0], centre ?? 0) ** 2 - cellsOf(before, 5) ** 2;
        expect(difference.params).toBe(channels * (depth * weights + taps));
        expect(params.dense - explored.params.dense).toBe(difference.params);
        expect(params.embedding - explored.params.embedding).toBe(channels * taps);
        expect(macs.dense - explored.macs.dense).toBe(difference.macs);
        expect(difference.macs).toBe(map ** 2 * channels * depth * taps);
      }
    }
  });

  test("a size costs what the network with it costs, and is planned as that is", () => {
    const network = pelk("tiny");
    const other = {
      ...network,
      mixers: network.mixers.with(2, peripheral(65, { centre: 7 })),
    };
    const card = account(other);
    const rows = planLayers(other, H200).layers.filter(({ stage }) => stage === 2);
    const [row] = rows;
    expect(rows).toHaveLength(1);
    const found = size(2, 65, 7);
    expect(found.params).toMatchObject({ dense: card.params.dense, nonzero: card.params.nonzero });
    expect(found.macs).toEqual(card.macs);
    expect(found.methods).toEqual([row?.method]);
    expect(found.predicted.forward).toBeCloseTo(9 * (row?.predicted.forward.microseconds ?? 0), 6);
    expect(found.predicted.training).toBeCloseTo(
      9 * (row?.predicted.training.microseconds ?? 0),
      6,
    );
    expect(found.predicted.scratchBytes).toBe(row?.scratch_bytes);
    const { forward, inputGradient, weightGradient, training } = found.predicted;
    expect(forward + (inputGradient ?? 0) + (weightGradient ?? 0)).toBeCloseTo(training, 6);
  });

  test("a kernel beyond the map tells how much of it reaches", () => {
    expect(size(3, 151).reach).toEqual([13, 13]);
    expect(size(2, 31).reach).toEqual([27, 27]);
    expect(size(0, 101).reach).toEqual([101, 101]);
  });

  test("the Pareto set is what brute force leaves", () => {
    for (const { sizes } of explored.stages) {
      const scores = sizes.map(({ reach, centre, predicted, params }) => [
        reach[0] * reach[1],
        centre ?? 0,
        -predicted.training,
        params.embedding - params.dense,
        -params.embedding,
      ]);
      const beats = (a: readonly number[], b: readonly number[]): boolean => {
        const [four, last] = [a.slice(0, 4), a[4] ?? 0];
        if (four.some((score, index) => score < (b[index] ?? 0))) return false;
        return four.some((score, index) => score > (b[index] ?? 0)) || last > (b[4] ?? 0);
      };
      const wanted = scores.map((one) => !scores.some((other) => beats(other, one)));
      expect(sizes.map(({ pareto }) => pareto)).toEqual(wanted);
      expect(wanted.some(Boolean) && !wanted.every(Boolean)).toBe(true);
    }
    // 65 has as many cells as 51, and more taps.
    expect(size(0, 65).pareto).toBe(true);
    expect(size(0, 51).pareto).toBe(false);
  });

  test("measured times take the place of predicted ones in the set, and what has none is not in it", () => {
    const nothing = { peakMemory: null, failures: [] };
    const measured = new Map(
      explored.stages[0]?.sizes.map(({ kernel, centre }) => [
        `0 ${kernel.join("x")} ${centre}`,
        { ...nothing, forward: 1, training: kernel[0] === 65 ? null : 1000 - kernel[0] },
      ]),
    );
    const on = { device: "cpu", name: "a CPU", dtype: "fp32", batch: 2 };
    const { measuredOn, stages } = withMeasured(explored, measured, on);
    expect(measuredOn).toEqual(on);
    expect(stages[1]).toEqual(explored.stages[1]);
    const kept = stages[0]?.sizes.filter(({ pareto }) => pareto).map(({ kernel }) => kernel[0]);
    expect(kept).not.toContain(65);
    // The longest of those with as many cells takes least time now.
    expect(kept).toContain(63);
    expect(kept).toContain(151);
    expect(kept).not.toContain(51);
  });
});

const mixed = net({
  depths: [1, 1, 2, 1],
  mixers: [dense(7), stripes(51), grid([2, 1, 1, 1, 2], [1, 1, 1]), peripheral([9, 51])],
});

test("dense kernels and stripes have no centre, an explicit grid has no sizes, sides may differ", () => {
  const { stages } = exploreNetwork(mixed, { ...H200, kernels: [3, 9], centres: [5, 7] });
  const [wide, striped, fixed, oblong] = stages;
  expect(wide?.sizes.map(({ kernel, centre, exact }) => [kernel[0], centre, exact])).toEqual([
    [3, null, null],
    [7, null, null],
    [9, null, null],
  ]);
  expect(striped?.sizes.map(({ cells }) => cells)).toEqual([
    [
      [9, 5],
      [5, 9],
    ],
    [
      [51, 5],
      [5, 51],
    ],
  ]);
  expect(striped?.leftOut).toEqual([
    { kernel: 3, centre: null, reason: "width 5 is wider than the kernel 3×3" },
  ]);
  expect(fixed).toMatchObject({ mixer: "grid", sizes: [], leftOut: [] });
  expect(fixed?.fixed).toContain("explicit grid");
  expect(oblong?.sizes.map(({ kernel }) => kernel)).toEqual([
    [9, 9],
    [9, 9],
    [9, 51],
  ]);
  expect(oblong?.leftOut.map(({ kernel, centre }) => [kernel, centre])).toEqual([
    [3, 5],
    [3, 7],
  ]);
  expect(oblong?.leftOut[0]?.reason).toBe("centre 5 is wider than the kernel 3×3");
});

test("stripes of one shape and of two are timed for every block and both kernels", () => {
  const network = net({ depths: [2], widths: [8], mixers: [stripes(5)] });
  const { stages } = exploreNetwork(network, { ...H200, kernels: [31], centres: [] });
  const [same, two] = stages[0]?.sizes ?? [];
  for (const [found, kernel] of [
    [same, 5],
    [two, 31],
  ] as const) {
    const plan = planLayers({ ...network, mixers: [stripes(kernel)] }, H200);
    expect(found?.predicted.forward).toBeCloseTo(plan.total.forward, 6);
    expect(found?.predicted.training).toBeCloseTo(plan.total.training, 6);
  }
});

test("one stage alone, at another image size", () => {
  const explored = exploreNetwork(pelk("tiny"), { ...OPTIONS, stage: 2, size: [448, 224] });
  expect(explored.input.size).toEqual([448, 224]);
  expect(explored.stages.map(({ stage, map }) => [stage, map])).toEqual([[2, [28, 14]]]);
  expect(explored.stages[0]?.sizes.at(-1)?.reach).toEqual([55, 27]);
});

test("too many sizes are refused before any is counted", () => {
  const all = Array.from({ length: 512 }, (_, index) => 2 * index + 1);
  expect(() => exploreNetwork(pelk("tiny"), { ...H200, kernels: all, centres: all })).toThrow(
    /512 kernels and 512 centres of 4 stages are 1048576 sizes/,
  );
});
