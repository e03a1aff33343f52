import { expect, test } from "vitest";
import { curvesChart } from "../../../src/report/charts/curves-chart.js";
import { Curve } from "../../../src/report/curve.js";

test("a curve of one step has an axis that can be read", () => {
  const curve = new Curve();
  curve.add(10, 0.5);
  const text = curvesChart("loss", [{ name: "a", curve }]).replace(/<[^>]*>/g, " ");
  expect(text).toMatch(/\b10\b/);
  expect(text).not.toContain("10.0");
});
