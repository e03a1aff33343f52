import { expect, test } from "vitest";
import { eventLine } from "../../src/report/event-line.js";

test("an update of the masks says density, what was exchanged and what was ever trained", () => {
  const line = eventLine({
    v: 1,
    seq: 0,
    time: 0,
    type: "sparsity",
    step: 200,
    density: 0.6,
    layers: { "head.linear.weight": 60 },
    churn: 0.25,
    explored: 0.75,
  });
  expect(line).toBe("sparsity step 200  density 0.600  exchanged 0.250  explored 0.750");
});

test("shares of the images have their unit, other metrics have none", () => {
  const metrics = { top1: 91.25, top5: 100, loss: 0.25 };
  const event = { v: 1, seq: 0, time: 0, type: "eval", step: 4, epoch: 1, split: "test" } as const;
  expect(eventLine({ ...event, metrics })).toBe(
    "eval step 4  top1 91.25%  top5 100.00%  loss 0.2500",
  );
  expect(eventLine({ ...event, metrics: { top1: null } })).toBe("eval step 4  top1 –");
});
