import { describe, expect, test } from "vitest";
import { account } from "../../src/analyse/account.js";
import { renderCard } from "../../src/report/card.js";
import { grouped, inUnits, percent } from "../../src/report/quantity.js";
import { grid, net, pelk, peripheral, slak } from "../support/networks.js";

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
      inUnits(card.stages[0]?.params.dense ?? 0),
      inUnits(card.stages[0]?.macs.dense ?? 0),
      "peripheral 51×51, 5×5 branch, bias embedding",
      "9 8 4 2 1 1 1",
    ]);
    expect(text.match(/^stages\.\d/gm)).toHaveLength(4);
    // 124·48 + 124 weights and 2·124 of the norm; 124·48 taps on 56² pixels.
    expect(lineOf(text, "stem").split(/ {2,}/)).toEqual(["stem", "6,324", "18.67 M"]);
    expect(lineOf(text, "head").split(/ {2,}/)).toEqual(["head", "1.00 M", "998,000"]);
  });

  test("has dense, nonzero, embedding and merged side by side", () => {
    expect(lineOf(text, "params").split(/ {2,}/)).toEqual([
      "params",
      "48,739,822",
      "29,571,548",
      "819,228",
      "47,830,378",
    ]);
    expect(lineOf(text, "MACs").split(/ {2,}/)).toEqual(["MACs", "9,735,277,828", "5,841,094,876"]);
    expect(text).toContain("nonzero: 40.0% of the weights are zero");
  });

  test("ends with the checks", () => {
    const last = text.split("\n\n").at(-1)?.split("\n") ?? [];
    expect(last).toHaveLength(card.checks.length);
    expect(last[0]).toMatch(/^note: mixers\[2\]: on a map of 14×14/);
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
  expect(text.split("\n").at(-1)).toMatch(/^MACs +4,455,531,264 +4,455,531,264$/);
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
