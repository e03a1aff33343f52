import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { account } from "../../src/analyse/account.js";
import { renderCard } from "../../src/report/card.js";
import { grouped, inUnits, percent } from "../../src/report/quantity.js";
import { anyNetwork } from "../support/arbitrary.js";
import { dense, grid, net, pelk, peripheral, slak } from "../support/networks.js";

const lineOf = (text: string, head: string): string =>
  text.split("\n").find((line) => line.startsWith(head)) ?? "";

describe("the card of PeLK-T at 40% sparsity", () => {
  const card = account(pelk("tiny", { sparsity: 0.4, description: "Table 2, PeLK-T" }));
  const text = renderCard(card);

  test("begins with name, input and description", () => {
    expect(text.split("\n").slice(0, 2)).toEqual(["test_net  input 3×224×224", "Table 2, PeLK-T"]);
  });

  test("has a row a stage", () => {
    expect(lineOf(text, "stages.0").split(/ {2,}/)).toEqual([
      "stages.0",
      "3",
      "124",
      "46",
      "56×56",
      "604×604",
      "peripheral 51×51, 5×5 branch, bias embedding",
      "9 8 4 2 1 1 1",
    ]);
    expect(text.match(/^stages\.\d .*peripheral/gm)).toHaveLength(4);
  });

  test("counts stem, stages, head and embedding in rows that sum to the total", () => {
    // 124·48 + 124 weights and 2·124 of the norm; 124·48 taps on 56² pixels.
    expect(lineOf(text, "stem").split(/ {2,}/)).toEqual([
      "stem",
      "6,324",
      "3,793",
      "6,324",
      "18,665,472",
      "11,198,656",
    ]);
    expect(lineOf(text, "embedding ").split(/ {2,}/)).toEqual([
      "embedding",
      "819,228",
      "819,228",
      "0",
      "0",
      "0",
    ]);
    expect(lineOf(text, "total").split(/ {2,}/)).toEqual([
      "total",
      "48,739,822",
      "29,571,548",
      "47,830,378",
      "9,735,277,828",
      "5,841,094,876",
      "24.8%",
    ]);
    expect(text).toContain("nonzero: 40.0% of the weights are zero");
  });

  test("has the share of the large kernels, the embedding's cost and the receptive field", () => {
    expect(lineOf(text, "large kernels:")).toMatch(
      /24\.8% of all MACs, 24\.8% of the nonzero ones/,
    );
    expect(lineOf(text, "embedding:")).toMatch(/no MACs of an image; .* 4,936,182, 0\.051%$/);
    expect(lineOf(text, "receptive field:")).toBe(
      "receptive field: 9,560×9,560 pixels; every unit spans the 224×224 image from stages.0 on",
    );
  });

  test("has published figures, and the difference", () => {
    expect(lineOf(text, "PeLK-T params").split(/ {2,}/).slice(1, 5)).toEqual([
      "29 M",
      "28,752,320",
      "−0.9%",
      "nonzero without embedding",
    ]);
    expect(lineOf(text, "PeLK-T MACs").split(/ {2,}/).slice(1, 4)).toEqual([
      "5.6 G",
      "5,841,094,876",
      "+4.3%",
    ]);
    expect(lineOf(text, "PeLK-T top-1")).toContain("82.6%");
    const slakT = renderCard(account(slak("tiny", { sparsity: 0.4 })));
    expect(lineOf(slakT, "SLaK-T params").split(/ {2,}/).slice(1, 5)).toEqual([
      "50,703,838",
      "50,703,838",
      "exact",
      "dense",
    ]);
    expect(renderCard(account(pelk("tiny")))).not.toContain("published");
  });

  test("ends with the checks", () => {
    const last = text.split("\n\n").at(-1)?.split("\n") ?? [];
    expect(last).toHaveLength(card.checks.length);
    expect(last[0]).toMatch(/^note FOV0208: mixers\[2\]: on a map of 14×14/);
  });

  test("has no white space at the end of a line, and no colour", () => {
    expect(text).not.toMatch(/[ \t]$/m);
    expect(text).not.toContain("\u001b");
  });
});

test("stripes, explicit and rectangular grids in words", () => {
  expect(lineOf(renderCard(account(slak("tiny"))), "stages.0")).toMatch(
    /all .*stripes 51×51, 5×5 branch {2,}dense 51×5 \+ dense 5×51$/,
  );
  const mixers = [grid([1, 2, 4], [2, 1, 2]), peripheral([51, 13], { embedding: false })];
  const text = renderCard(account(net({ depths: [1, 1], widths: [64, 64], mixers })));
  expect(lineOf(text, "stages.0")).toMatch(/grid 7×5 {2,}1 2 4 \| 2 1$/);
  expect(lineOf(text, "stages.1")).toMatch(
    /peripheral 51×13, 5×5 branch {2,}9 8 4 2 1 1 1 \| 2 2 1 1 1$/,
  );
});

test("a card without checks ends with its totals", () => {
  const text = renderCard(account(net()));
  expect(text).toContain("\ntotal");
  expect(text.split("\n").at(-1)).toMatch(/^ConvNeXt-T top-1/);
  expect(text).not.toMatch(/^(embedding|nonzero:)/m);
});

/** The numbers of each row between a head that begins so and an empty line. */
function columns(text: string, head: RegExp): number[][] {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => head.test(line)) + 1;
  return lines.slice(start).flatMap((line) => {
    const cells = line.split(/ {2,}/).slice(1);
    const numbers = cells.filter((cell) => /^[\d,]+$/.test(cell));
    return numbers.length < 5
      ? []
      : [numbers.slice(-5).map((cell) => Number(cell.replaceAll(",", "")))];
  });
}

const sums = (rows: readonly number[][]): number[] =>
  [0, 1, 2, 3, 4].map((column) => rows.reduce((sum, row) => sum + (row[column] ?? 0), 0));

test("any network: every column of both tables sums to its total", () => {
  fc.assert(
    fc.property(anyNetwork, (network) => {
      const card = account(network);
      const total = [
        card.params.dense,
        card.params.nonzero,
        card.params.merged,
        card.macs.dense,
        card.macs.nonzero,
      ];
      const counts = columns(renderCard(card), /^ +params .*large kernels$/);
      expect(counts.at(-1)).toEqual(total);
      expect(sums(counts.slice(0, -1))).toEqual(total);
      const text = renderCard(card, { layers: true });
      const layers = columns(text, /^layer +kind +weight/);
      expect(layers).toHaveLength(card.layers.length + 1);
      expect(layers.at(-1)).toEqual(total);
      expect(sums(layers.slice(0, -1))).toEqual(total);
    }),
    { numRuns: 40 },
  );
});

test("--layers: a row a layer, blocks apart", () => {
  const text = renderCard(account(pelk("tiny", { sparsity: 0.4 })), { layers: true });
  // 124·48 weights and 124 biases; 0.6 of each, rounded: 3571 + 74.
  expect(lineOf(text, "stem.conv").split(/ {2,}/)).toEqual([
    "stem.conv",
    "convolution",
    "124×3×4×4",
    "6,076",
    "3,645",
    "6,076",
    "18,665,472",
    "11,198,656",
  ]);
  expect(lineOf(text, "stages.2.blocks.8.mixer.large ").split(/ {2,}/).slice(0, 6)).toEqual([
    "stages.2.blocks.8.mixer.large",
    "depthwise",
    "187×13×13",
    "31,603",
    "18,962",
    "31,603",
  ]);
  expect(text).toMatch(/^stages\.0\.blocks\.0\.layer_scale .*\n\nstages\.0\.blocks\.1\.mixer/m);
  expect(renderCard(account(net()))).not.toContain("stem.conv");
});

test("the field is in words that fit it", () => {
  const words = (kernel: number, size: number, depths = [1]) => {
    const widths = depths.map(() => 8);
    const mixers = depths.map(() => dense(kernel));
    const text = renderCard(account(net({ depths, widths, mixers }), { size }));
    return lineOf(text, "receptive field:").slice("receptive field: ".length);
  };
  expect(words(5, 32)).toBe("20×20 pixels; of the 32×32 image the middle unit sees 20×20");
  expect(words(9, 32)).toBe(
    "36×36 pixels; the middle unit spans the 32×32 image from stages.0 on, those at the border never do",
  );
  expect(words(9, 32, [1, 1])).toBe(
    "104×104 pixels; the middle unit spans the 32×32 image from stages.0 on, every unit from stages.1 on",
  );
});

describe("numbers", () => {
  test("are grouped by thousands", () => {
    expect([0, 7, 999, 1000, 48_739_822, 1e15].map(grouped)).toEqual([
      "0",
      "7",
      "999",
      "1,000",
      "48,739,822",
      "1,000,000,000,000,000",
    ]);
  });

  test("have the units of papers", () => {
    expect([999_999, 1_000_000, 28_589_128, 4_455_531_264].map(inUnits)).toEqual([
      "999,999",
      "1.00 M",
      "28.59 M",
      "4.456 G",
    ]);
    expect([0, 169 / 2601, 1].map(percent)).toEqual(["0.0%", "6.5%", "100.0%"]);
  });
});
