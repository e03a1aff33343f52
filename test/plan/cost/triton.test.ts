import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ones, peripheralCells } from "../../../src/analyse/grid.js";
import type { Cells, Size } from "../../../src/ir/index.js";
import { DEVICES, LAUNCH_SECONDS } from "../../../src/plan/cost/devices.js";
import { type Launch, prediction, timeOf } from "../../../src/plan/cost/launch.js";
import { floorBytes, outputs, type Problem } from "../../../src/plan/cost/problem.js";
import { launchesOf, possibleMethods, scratchOf } from "../../../src/plan/cost/triton.js";
import { planChained } from "../../../src/plan/triton/chained.js";
import { planPlanes } from "../../../src/plan/triton/planes.js";

const square = (cells: Cells) => ({ rows: cells, columns: cells });
const peripheral = (kernel: number, centre = 5) =>
  square(peripheralCells({ kernel, centre, base: 2, remainder: "own" }));
const problem = (pair: Problem["pair"], map: Size, more: Partial<Problem> = {}): Problem => ({
  pair,
  map,
  batch: 64,
  channels: 64,
  dtype: "half",
  ...more,
});

/** FLOP an output in products. */
const products = (
  method: Parameters<typeof launchesOf>[0],
  of: Problem,
  direction: keyof ReturnType<typeof launchesOf> = "forward",
): number =>
  launchesOf(method, of)[direction].reduce((sum, { matrix }) => sum + matrix, 0) / outputs(of);

const cells = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 })
  .filter((list) => list.reduce((sum, cell) => sum + cell, 0) % 2 === 1);
const side = fc.integer({ min: 1, max: 140 });
const problems: fc.Arbitrary<Problem> = fc.record({
  pair: fc.record({ rows: cells, columns: cells }),
  map: fc.tuple(side, side),
  batch: fc.integer({ min: 1, max: 100 }),
  channels: fc.integer({ min: 1, max: 100 }),
  dtype: fc.constantFrom("half" as const, "float" as const),
});

describe("FLOP an output beside the accounting of one product a row of weights", () => {
  // That accounting: 2 · padded width · row cells, padded columns of y over real ones.
  const accounted = (width: number, padded: number, rows: number) =>
    (2 * padded * rows * padded) / width;

  test("56×56, 51: twice for the band, and 64 rows of a tile for 56", () => {
    expect(accounted(56, 64, 13)).toBeCloseTo(1902, 0);
    const seen = products("chained", problem(peripheral(51), [56, 56]));
    expect(seen).toBeCloseTo(accounted(56, 64, 13) * 2 * (64 / 56), 6);
  });

  test("28×28, 49: a band over two images is twice the side of a Toeplitz matrix", () => {
    const seen = products("chained", problem(peripheral(49), [28, 28]));
    expect(seen).toBeCloseTo(accounted(28, 32, 13) * 3 * (32 / 28), 6);
  });

  test("128×128, 51: tiles of 64 columns meet 96 columns of x at either edge", () => {
    expect(products("planes", problem(peripheral(51), [128, 128]))).toBe(2 * 96 * 13);
  });

  test("28×28: an odd image takes as much as two", () => {
    const flop = (batch: number) => {
      const of = problem(peripheral(49), [28, 28], { batch });
      return products("chained", of) * outputs(of);
    };
    expect(flop(63)).toBe(flop(64));
    expect(flop(65)).toBe(flop(66));
  });

  test("the weight's gradient takes the same products on a tile, for all 13 rows of weights", () => {
    const ofWeight = (kernel: number, side: number) =>
      products("gemm", problem(peripheral(kernel), [side, side]), "weight_gradient");
    expect(ofWeight(51, 56)).toBeCloseTo(accounted(56, 64, 13) * 2 * (64 / 56), 6);
    expect(ofWeight(49, 28)).toBeCloseTo(accounted(28, 32, 13) * 3 * (32 / 28), 6);
    // Four images in 64 rows; 11 rows of weights are in reach.
    expect(ofWeight(47, 14)).toBeCloseTo(accounted(14, 16, 13) * 5 * (16 / 14), 6);
  });

  test("14×14: 196 pixels are filled up to 256 both ways", () => {
    const seen = products("gemm", problem(peripheral(47), [14, 14]));
    expect(seen).toBeCloseTo((2 * 256 * 256) / 196, 6);
  });

  test("128×128, 51, for maps of any size: two blocks of 64 columns of x for each of y", () => {
    expect(products("general", problem(peripheral(51), [128, 128]))).toBe(2 * 128 * 13);
  });

  test("a few taps are counted one by one", () => {
    const [launch] = launchesOf("direct", problem(square(ones(5)), [32, 32])).forward;
    expect(launch?.sums).toBe(2 * 25 * 64 * 64 * 1024);
  });
});

describe("timeOf", () => {
  const launch = (more: Partial<Launch>): Launch => ({
    kernel: "general",
    programs: 1e6,
    matrix: 0,
    sums: 0,
    operations: 0,
    cached: 0,
    moved: 0,
    ...more,
  });
  const { sm_90: device } = DEVICES;

  test("is the slowest resource of each launch, and the launches", () => {
    const work = [launch({ moved: device.memory, matrix: device.matrix.half / 2 })];
    const time = timeOf([...work, launch({ matrix: 3 * device.matrix.half })], device, "half");
    expect(time.seconds).toBeCloseTo(1 + 3 + 2 * LAUNCH_SECONDS, 12);
    expect(prediction(time)).toMatchObject({ limit: "matrix" });
    expect(prediction(time, time).microseconds).toBeCloseTo(2e6 * time.seconds, 3);
  });

  test("few programs leave multiprocessors idle, but not the memory", () => {
    const busy = launch({ programs: 33, matrix: device.matrix.half, moved: device.memory });
    expect(timeOf([busy], device, "half").held).toMatchObject({ matrix: 4, memory: 0 });
  });

  test("float32 products have their own rate", () => {
    const work = [launch({ matrix: device.matrix.float })];
    expect(timeOf(work, device, "float").held.matrix).toBeCloseTo(1, 12);
  });
});

describe("every method", () => {
  /** Columns of x that a pixel of y meets, in the mean. */
  const meeting = (kernel: number, width: number): number => {
    const radius = (kernel - 1) / 2;
    const met = Array.from(
      { length: width },
      (_, q) => Math.min(width - 1, q + radius) - Math.max(0, q - radius) + 1,
    );
    return met.reduce((sum, each) => sum + each, 0) / width;
  };
  const length = (list: Cells) => list.reduce((sum, cell) => sum + cell, 0);

  test("moves x and y at least, and computes what one product a row of weights takes", () => {
    fc.assert(
      fc.property(problems, (of) => {
        for (const method of possibleMethods(of)) {
          const { forward } = launchesOf(method, of);
          const moved = forward.reduce((sum, launch) => sum + launch.moved, 0);
          expect(moved).toBeGreaterThanOrEqual(floorBytes(of));
          const { rows, columns } = of.pair;
          const reached = rows.filter((_, index) => {
            const before = length(rows.slice(0, index));
            const middle = (length(rows) - 1) / 2;
            const nearest = Math.max(before - middle, middle - before - (rows[index] ?? 0) + 1);
            return nearest < of.map[0];
          }).length;
          const least = 2 * reached * meeting(length(columns), of.map[1]);
          const pixels = of.map[0] * of.map[1];
          if (method === "gemm") expect(products(method, of)).toBeGreaterThanOrEqual(2 * pixels);
          else if (method !== "direct") {
            expect(products(method, of)).toBeGreaterThanOrEqual(least - 1e-6);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test("never takes less time for more images", () => {
    fc.assert(
      fc.property(problems, (of) => {
        for (const method of possibleMethods(of)) {
          const seconds = (batch: number) =>
            timeOf(launchesOf(method, { ...of, batch }).forward, DEVICES.sm_90, of.dtype).seconds;
          expect(seconds(of.batch + 1)).toBeGreaterThanOrEqual(seconds(of.batch) * (1 - 1e-12));
        }
      }),
      { numRuns: 100 },
    );
  });
});

test("lines that boxes of one size share are fetched once", () => {
  const large = problem(peripheral(51), [128, 128]);
  const planes = launchesOf("planes", large).forward.find(({ kernel }) => kernel === "planes");
  // From the first to the last cell of 9, 8, 4, 2 and 1 rows lie 42, 25, 13, 7 and 4 rows.
  const lines = 5 * 64 + 42 + 25 + 13 + 7 + 4;
  const steps = 64 * 128 * 6;
  expect(planes?.cached).toBe(steps * 32 * (lines + 13 * 64) * 2);
});

test("all images of a program share the matrices that it fetches", () => {
  const chained = (of: Problem) =>
    launchesOf("chained", of).forward.find(({ kernel }) => kernel === "chained");
  const small = chained(problem(peripheral(49), [28, 28]));
  expect(small?.programs).toBe(64 * 32);
  expect(small?.cached).toBe(64 * 32 * (13 * 32 ** 2 + 2 * 64 * 32) * 2);
  const of = problem(peripheral(51), [56, 56]);
  const { images } = planChained(of.pair, of.map);
  expect(chained(of)?.programs).toBe((64 * 64) / images);
  expect(chained(of)?.cached).toBe(((64 * 64) / images) * (13 + 2 * images) * 64 ** 2 * 2);
});

describe("the weight's gradient", () => {
  const kernels = (method: Parameters<typeof launchesOf>[0], of: Problem) =>
    launchesOf(method, of)
      .weight_gradient.map(({ kernel }) => kernel)
      .filter((kernel) => kernel !== "torch");

  test("has a kernel of its own in half types where the map fits a tile", () => {
    for (const method of ["chained", "gemm", "general"] as const) {
      const at = (map: Size, dtype: Problem["dtype"]) =>
        kernels(method, problem(peripheral(51), map, { dtype }));
      expect(at([64, 64], "half")).toEqual(["planned_weight_gradient"]);
      expect(at([8, 65], "half")).toEqual(["weight_gradient"]);
      expect(at([64, 64], "float")).toEqual(["weight_gradient"]);
    }
    expect(kernels("direct", problem(square(ones(5)), [14, 14]))).toEqual([
      "planned_weight_gradient",
    ]);
  });

  test("comes of row boxes where they are written", () => {
    expect(kernels("planes", problem(peripheral(51), [128, 128]))).toContain("planes_gradient");
    expect(kernels("planes", problem(square(ones(101)), [128, 128]))).toEqual(["weight_gradient"]);
  });

  test("fetches the tiles of x and of y's gradient for every row of weights", () => {
    const of = problem(peripheral(51), [28, 28], { batch: 257 });
    const [launch] = launchesOf("chained", of).weight_gradient;
    // 129 groups of two images, seventeen a chunk.
    expect(launch?.programs).toBe(8 * 64 * 13);
    expect(launch?.cached).toBe(129 * 64 * 13 * 2 * 64 * 32 * 2);
    expect(scratchOf("chained", of)["partials"]).toBe(4 * 8 * 64 * 13 * 13);
  });
});

describe("scratchOf", () => {
  test("holds the matrices, boxes and partial sums that the kernels are planned with", () => {
    const chained = problem(peripheral(51), [56, 56]);
    const { operandSize } = planChained(chained.pair, chained.map);
    expect(scratchOf("chained", chained)).toEqual({
      operands: 2 * 64 * operandSize,
      partials: 4 * 8 * 64 * 169,
    });

    const large = problem(peripheral(51), [128, 128]);
    const plan = planPlanes(large.pair, large.map);
    expect(scratchOf("planes", large)).toEqual({
      operands: 2 * 64 * plan.operandSize,
      boxes: 2 * 64 * 64 * (plan.rowBoxesSize + plan.columnBoxesSize),
      partials: 4 * 64 * 64 * 169,
    });
  });

  test("boxes of single rows are written for the weight's gradient alone", () => {
    const large = problem(peripheral(51), [128, 128]);
    const { rowBoxesSize, pixels } = planPlanes(large.pair, large.map);
    const moved = (direction: "forward" | "input_gradient") =>
      launchesOf("planes", large)[direction].find(({ kernel }) => kernel === "boxes")?.moved;
    expect(moved("forward")).toBe(2 * 64 * 64 * (pixels + rowBoxesSize - pixels));
    expect(moved("input_gradient")).toBe(2 * 64 * 64 * (pixels + rowBoxesSize));
  });

  test("too many cells for one product have no boxes", () => {
    const dense = problem(square(ones(101)), [128, 128]);
    expect(scratchOf("planes", dense)).toMatchObject({ boxes: 0 });
  });

  test("kernels without sums read x itself, and write boxes for the weight's gradient alone", () => {
    const stripe = problem({ rows: ones(51), columns: ones(5) }, [128, 128]);
    const kernels = (direction: "forward" | "input_gradient") =>
      launchesOf("planes", stripe)[direction].map(({ kernel }) => kernel);
    expect(kernels("forward")).toEqual(["toeplitz", "planes"]);
    expect(kernels("input_gradient")).toEqual(["boxes", "toeplitz", "planes"]);
  });
});
