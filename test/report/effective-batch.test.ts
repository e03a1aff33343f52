import { expect, test } from "vitest";
import { effectiveBatch } from "../../src/analyse/effective-batch.js";
import { demo } from "../../src/dsl/zoo/demo.js";
import type { Recipe } from "../../src/ir/recipe.js";
import { effectiveBatchLine } from "../../src/report/effective-batch.js";

const recipe = (parts: Partial<Recipe>): Recipe => ({ ...demo().recipe, ...parts });

test("a batch is of all processes and pieces together", () => {
  const slak = recipe({ batch: 4096, accumulate: 2, lr: 0.004, lrScaling: false });
  expect(effectiveBatch(slak, 8)).toEqual({
    batch: 4096,
    processes: 8,
    accumulate: 2,
    piece: 256,
    lr: 0.004,
  });
  expect(effectiveBatchLine(slak, 8)).toBe(
    "batch 4096 = 8 processes × 2 pieces × 256 images; learning rate 0.004 (as written)",
  );
});

test.each([
  ["linear", 0.1, 96, 32, 0.3, "0.3 (0.1 scaled linearly from batch 32)"],
  ["sqrt", 0.001, 1024, 64, 0.004, "0.004 (0.001 scaled by the square root from batch 64)"],
  ["linear", 0.001, 128, 512, 0.00025, "0.00025 (0.001 scaled linearly from batch 512)"],
] as const)(
  "%s scaling of %d at batch %d, found at %d",
  (rule, lr, batch, found, scaled, words) => {
    const scaling = recipe({ lr, batch, accumulate: 1, lrScaling: { rule, batch: found } });
    expect(effectiveBatch(scaling, 1).lr).toBeCloseTo(scaled, 12);
    expect(effectiveBatchLine(scaling, 1)).toContain(`learning rate ${words}`);
  },
);
