import { expect, test } from "vitest";
import { duration, figure, metricFigure } from "../../src/report/figures.js";

test.each([
  [0, "0"],
  [1234567, "1,234,567"],
  [-1234.5, "-1,235"],
  [12.345, "12.35"],
  [0.25, "0.250"],
  [0.00125, "0.0013"],
  [0.0000123, "1.23e-5"],
  [null, "–"],
  [undefined, "–"],
])("figure(%j) is %s", (value, text) => {
  expect(figure(value)).toBe(text);
});

test.each([
  [92, "92.00"],
  [0.25, "0.2500"],
  [0, "0.0000"],
  [-3.5, "-3.50"],
  [null, "–"],
])("metricFigure(%j) is %s", (value, text) => {
  expect(metricFigure(value)).toBe(text);
});

test.each([
  [0, "0 s"],
  [59.4, "59 s"],
  [60, "1 min 00 s"],
  [3599.6, "1 h 00 min"],
  [7500, "2 h 05 min"],
])("duration(%d) is %s", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
