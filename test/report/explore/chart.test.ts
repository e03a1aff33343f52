import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { exploreNetwork } from "../../../src/harness/explore/explore.js";
import { explorationSvg } from "../../../src/report/explore/chart.js";
import { pelk } from "../../support/networks.js";

const OPTIONS = {
  kernels: [31, 63],
  centres: [5, 7],
  target: "sm_90",
  dtype: "bf16",
  batch: 64,
} as const;

test("two plots a stage, a point a size, filled in the Pareto set, a ring on what is declared", () => {
  const explored = exploreNetwork(pelk("tiny"), OPTIONS);
  const { document } = parseHTML(explorationSvg(explored));
  const plots = [...document.querySelectorAll("svg svg")];
  expect(plots.map((plot) => [plot.getAttribute("x"), plot.getAttribute("y")])).toEqual(
    [0, 1, 2, 3].flatMap((row) => [
      row === 0 ? [null, null] : ["0", String(280 * row)],
      ["480", String(280 * row)],
    ]),
  );
  for (const [index, { sizes }] of explored.stages.entries()) {
    const circles = [...(plots[2 * index]?.querySelectorAll("circle") ?? [])];
    const open = circles.filter((circle) => circle.getAttribute("fill") === "var(--page)");
    expect(circles).toHaveLength(sizes.length + 1);
    expect(open).toHaveLength(sizes.filter(({ pareto }) => !pareto).length);
  }
});
