import { expect, test } from "vitest";
import type { SweepRow, SweepView } from "../../../src/report/components/view.js";
import { sweepsLatex } from "../../../src/report/sweep/sweep-latex.js";
import { sweepsMarkdown } from "../../../src/report/sweep/sweep-markdown.js";

const row = (axis: string, mean: number, best: boolean): SweepRow => ({
  axes: [axis],
  members: [
    { seed: 0, hash: "a".repeat(64), run: "r-1", status: "completed", reason: null },
    { seed: 1, hash: "b".repeat(64), run: "r-2", status: "failed", reason: "50% | of\nit" },
  ],
  metrics: { top1: { mean, std: 0.123, n: 2, best } },
  costs: { parameters: 1_500_000, nonzero: 900_000, macs: null, nonzeroMacs: null },
  seconds: { mean: 90, std: null, n: 1 },
});

const view: SweepView = {
  name: "a_b & c",
  axes: ["x_1"],
  metrics: ["top1"],
  rows: [row("[3, 5]", 81.5, true), row("a|b", 80, false)],
  rule: "Bold: the best.",
};

test("Markdown: escaped, aligned, what is missing below", () => {
  const lines = sweepsMarkdown([view]).split("\n");
  expect(lines).toContain("## a\\_b & c");
  expect(lines).toContain("| x\\_1 | top1 (%) ↑ | n | params | nonzero params | time |");
  expect(lines).toContain("| --- | ---: | ---: | ---: | ---: | ---: |");
  expect(lines).toContain(
    "| \\[3, 5\\] | **81.50** ± 0.12 | 1 of 2 | 1.50 M | 900,000 | 1 min 30 s |",
  );
  expect(lines).toContain("| a\\|b | 80.00 ± 0.12 | 1 of 2 | 1.50 M | 900,000 | 1 min 30 s |");
  expect(lines).toContain("- x\\_1 a\\|b, seed 1: failed (r-2, 50% \\| of it)");
});

test("LaTeX: escaped; a bracket at a row's start is no argument; comments stay on their line", () => {
  const lines = sweepsLatex([view]).split("\n");
  expect(lines).toContain("% a_b & c");
  expect(lines).toContain("% in no mean: x_1 a|b, seed 1: failed (r-2, 50% | of it)");
  expect(lines).toContain("\\begin{tabular}{lrrrrr}");
  expect(lines).toContain(
    "  {}[3, 5] & \\textbf{81.50} $\\pm$ 0.12 & 1 of 2 & 1.50 M & 900,000 & 1 min 30 s \\\\",
  );
  expect(lines).toContain(
    "  x\\_1 & top1 (\\%) $\\uparrow$ & n & params & nonzero params & time \\\\",
  );
});
