import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stageShapes } from "../../src/analyse/shapes.js";
import { emitKernel } from "../../src/emit/kernel.js";
import type { Cells } from "../../src/ir/index.js";
import { PLAN_DTYPES, PLAN_TARGETS } from "../../src/ir/layer-plan.js";
import { kernelName } from "../../src/plan/kernel-name.js";
import { type LayerOptions, planLayers } from "../../src/plan/layers.js";
import { planMixer } from "../../src/plan/network-mixer.js";
import { anyNetwork } from "../support/arbitrary.js";
import { dense, net, pelk, peripheral, stripes } from "../support/networks.js";

const GPU: LayerOptions = { target: "sm_90", dtype: "bf16", batch: 64 };
const CPU: LayerOptions = { target: "cpu", dtype: "fp32", batch: 4 };
const options = fc.record({
  target: fc.constantFrom(...PLAN_TARGETS),
  dtype: fc.constantFrom(...PLAN_DTYPES),
  batch: fc.integer({ min: 1, max: 130 }),
});

/** Taps of each cell that lie at most `side - 1` from the middle one, counted one by one. */
function countedTaps(cells: Cells, side: number): number[] {
  const middle = (cells.reduce((sum, cell) => sum + cell, 0) - 1) / 2;
  let tap = 0;
  return cells.map((cell) => {
    const taps = Array.from({ length: cell }, (_, index) => tap + index);
    tap += cell;
    return taps.filter((each) => Math.abs(each - middle) < side).length;
  });
}

describe("planLayers", () => {
  test("PeLK-T: a row a stage, with its layers, cells, method and constants", () => {
    const { layers } = planLayers(pelk("tiny"), GPU);
    expect(layers.map(({ kernel, method }) => [kernel, method])).toEqual([
      ["peripheral_51x51_c5", "chained"],
      ["peripheral_49x49_c5", "chained"],
      ["peripheral_47x47_c5", "gemm"],
      ["peripheral_13x13_c5", "gemm"],
    ]);
    expect(layers[2]).toMatchObject({
      stage: 2,
      form: "trained",
      map: [14, 14],
      channels: 499,
      convolved: 187,
      cells_in_reach: [11, 11],
      reach: { rows: { first: 1, cells: [5, 4, 2, 1, 1, 1, 1, 1, 2, 4, 5] } },
      flop: { dense: 2 * 47 * 47 },
      bytes: { floor: 4 },
    });
    expect(layers[2]?.layers).toHaveLength(9);
    expect(layers[2]?.layers[8]).toBe("stages.2.blocks.8.mixer.large");
  });

  test("constants are those that the kernel file launches with", () => {
    const network = pelk("tiny", { input: { channels: 3, size: 512 } });
    for (const dtype of ["bf16", "fp32"] as const) {
      for (const row of planLayers(network, { ...GPU, dtype }).layers) {
        const stage = stageShapes(network)[row.stage];
        const [pair] = stage?.grids ?? [];
        if (pair === undefined) throw new Error("a stage has no kernel");
        const { text } = emitKernel({ pair, maps: [row.map] }, { command: "test" });
        const launches =
          /^_LAUNCHES.*?^}/ms.exec(text)?.[0].replace(/\s+/g, "").replace(/,}/g, "}") ?? "";
        for (const [name, constants] of Object.entries(row.constants)) {
          const [half = "", float = ""] =
            new RegExp(`"${name}":\\(({.*?}),({.*?}),?\\)`).exec(launches)?.slice(1) ?? [];
          const emitted = JSON.parse(dtype === "fp32" ? float : half) as object;
          expect(constants).toMatchObject(emitted);
        }
      }
    }
  });

  test("stripes have a row each, of one shape a single one", () => {
    const rows = (kernel: number) =>
      planLayers(net({ mixers: [kernel, 7, 7, 7].map((k) => stripes(k)) }), GPU).layers.filter(
        ({ stage }) => stage === 0,
      );
    expect(rows(51).map(({ kernel }) => kernel)).toEqual(["dense_51x5", "dense_5x51"]);
    expect(rows(51)[1]?.layers[0]).toBe("stages.0.blocks.0.mixer.wide");
    expect(rows(5).map(({ layers }) => layers.slice(0, 2))).toEqual([
      ["stages.0.blocks.0.mixer.tall", "stages.0.blocks.0.mixer.wide"],
    ]);
  });

  test("a kernel that only fuse() puts in place has a row that no total counts", () => {
    const mixers = [peripheral(51, { branch: 9 }), dense(7), dense(7), dense(7)];
    const { layers, total } = planLayers(net({ mixers }), GPU);
    expect(layers.map(({ form, kernel }) => `${form} ${kernel}`).slice(0, 2)).toEqual([
      "trained peripheral_51x51_c5",
      "fused dense_51x51",
    ]);
    const trained = layers.filter(({ form }) => form === "trained");
    const sum = trained.reduce(
      (s, row) => s + row.layers.length * row.predicted.forward.microseconds,
      0,
    );
    expect(total.forward).toBeCloseTo(sum, 6);
  });

  test("another image size than the package's own is noted where it has no kernel", () => {
    const at = (size: number) => planLayers(pelk("tiny"), { ...GPU, size }).layers[0]?.note;
    expect(at(256)).toContain("general kernel on 64×64 maps");
    expect(at(224) ?? "").not.toContain("general kernel on");
    // Few taps are computed one by one on every map, but for the weight's gradient.
    const few = (more: Partial<LayerOptions>) =>
      planLayers(net({ mixers: [5, 7, 7, 7].map((k) => dense(k)) }), { ...GPU, size: 256, ...more })
        .layers[0];
    expect(few({})?.method).toBe("direct");
    expect(few({})?.note).toContain("general kernel of the weight's gradient on 64×64 maps");
    expect(few({ dtype: "fp32" })?.note ?? "").not.toContain("general kernel");
    expect(few({ size: 288 })?.note ?? "").not.toContain("general kernel");
  });

  test("on a CPU forward and training may take different methods, and only sums are known", () => {
    const [, , third] = planLayers(pelk("tiny"), CPU).layers;
    const cheapest = (mode: "forward" | "training") =>
      third?.candidates.reduce((a, b) => (b[mode] < a[mode] ? b : a)).method;
    expect(third?.method).toBe(cheapest("forward"));
    expect(third?.training_method).toBe(cheapest("training"));
    expect(third?.predicted.input_gradient).toBeNull();
  });

  test("a cropped cell keeps its weight and only its taps in reach", () => {
    fc.assert(
      fc.property(anyNetwork, (network) => {
        const plan = planLayers(network, GPU);
        for (const stage of stageShapes(network)) {
          const { kernels, dense: fused } = planMixer(stage);
          for (const pair of fused === false ? kernels : [...kernels, fused]) {
            const row = plan.layers.find(
              ({ stage: index, kernel }) => index === stage.index && kernel === kernelName(pair),
            );
            for (const [axis, cells, side] of [
              ["rows", pair.rows, stage.map[0]],
              ["columns", pair.columns, stage.map[1]],
            ] as const) {
              const { first = 0, cells: kept = [] } = row?.reach[axis] ?? {};
              const whole = cells.map((_, index) => kept[index - first] ?? 0);
              expect(whole).toEqual(countedTaps(cells, side));
              expect(sum(kept)).toBe(Math.min(sum(cells), 2 * side - 1));
              expect(Math.min(...kept)).toBeGreaterThan(0);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("nothing is predicted below the floor, nothing moves less, and all is finite", () => {
    fc.assert(
      fc.property(anyNetwork, options, (network, chosen) => {
        for (const row of planLayers(network, chosen).layers) {
          const { forward, training } = row.predicted;
          expect(row.bytes.moved).toBeGreaterThanOrEqual(row.bytes.floor);
          if (chosen.target !== "cpu") {
            expect(forward.microseconds).toBeGreaterThan(row.floor_microseconds);
          }
          expect(training.microseconds).toBeGreaterThan(forward.microseconds);
          expect(Number.isFinite(training.microseconds + row.flop.computed)).toBe(true);
          expect(row.candidates.map(({ method }) => method)).toContain(row.method);
          expect(Number.isInteger(row.scratch_bytes)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});

const sum = (cells: Cells): number => cells.reduce((total, cell) => total + cell, 0);
