import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { account } from "../../src/analyse/account.js";
import type { Network } from "../../src/ir/index.js";
import { pelk, pelk101, sized, slak } from "../support/networks.js";

const PAGE = readFileSync(new URL("../../docs/networks.md", import.meta.url), "utf8");

const SPARSE = { sparsity: 0.4 };
const NETWORKS: Readonly<Record<string, Network>> = {
  pelk_tiny: pelk("tiny", SPARSE),
  pelk_small: pelk("small", SPARSE),
  pelk_base: pelk("base", SPARSE),
  pelk101_tiny: pelk101("tiny", SPARSE),
  pelk101_base: pelk101("base", SPARSE),
  slak_tiny: slak("tiny", SPARSE),
  slak_small: slak("small", SPARSE),
  slak_base: slak("base", SPARSE),
  convnext_tiny: sized("tiny"),
  convnext_small: sized("small"),
  convnext_base: sized("base"),
};

/** Tables of the page whose head begins so, as rows of cells without marks. */
function tables(head: string): string[][][] {
  return PAGE.split("\n\n")
    .filter((block) => block.startsWith(`| ${head} |`))
    .map((block) =>
      block.split("\n").map((line) =>
        line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.replace(/[*`]/g, "").trim()),
      ),
    );
}

/** The figure of each column in the row that begins so. */
function figures(head: string, row: string): [column: string, count: number][] {
  return tables(head).flatMap(([names = [], ...rows]) => {
    const cells = rows.find(([first]) => first?.startsWith(row)) ?? [];
    return cells
      .slice(1)
      .map((cell, index): [string, number] => [
        names[index + 1] ?? "",
        Number(cell.replaceAll(",", "")),
      ]);
  });
}

describe("docs/networks.md says what fovea counts", () => {
  const params = (name: string) => {
    const network = NETWORKS[name];
    return network === undefined ? undefined : account(network).params;
  };

  test.each(["dense", "nonzero", "merged", "embedding"] as const)("%s parameters", (row) => {
    const found = figures("parameters", row).filter(([name]) => name in NETWORKS);
    expect(found.length).toBeGreaterThanOrEqual(5);
    for (const [name, count] of found) expect([name, count]).toEqual([name, params(name)?.[row]]);
  });

  test("multiply-adds at each size", () => {
    const found = figures("MACs", "dense").filter(
      ([column]) => (column.split(" ")[0] ?? "") in NETWORKS,
    );
    expect(found.length).toBeGreaterThanOrEqual(13);
    for (const [column, count] of found) {
      const [name = "", size = ""] = column.replace("²", "").split(" ");
      const network = NETWORKS[name];
      if (network === undefined) continue;
      const { macs } = account(network, { size: Number(size) });
      expect([column, count]).toEqual([column, macs.dense]);
    }
  });

  test("every column of parts sums to its total", () => {
    for (const head of ["parameters", "MACs"]) {
      for (const [names = [], , ...rows] of tables(head)) {
        const end = rows.findIndex(([first]) => first === "dense");
        if (end < 0) continue;
        names.slice(1).forEach((name, column) => {
          const count = (row: readonly string[] | undefined) =>
            Number((row?.[column + 1] ?? "").replaceAll(",", ""));
          const sum = rows.slice(0, end).reduce((total, row) => total + count(row), 0);
          expect([name, sum]).toEqual([name, count(rows[end])]);
        });
      }
    }
  });

  test("the shares of figure 5", () => {
    for (const [name = "", large, share, taps, tapShare] of tables("224²").flatMap((table) =>
      table.slice(2),
    )) {
      const network = NETWORKS[name];
      expect(network, name).toBeDefined();
      if (network === undefined) continue;
      const { largeKernels, embeddingCost } = account(network);
      const percent = (value: number, digits: number) => `${(100 * value).toFixed(digits)}%`;
      expect([large, share, taps, tapShare]).toEqual([
        largeKernels.macs.dense.toLocaleString("en-US"),
        percent(largeKernels.share.dense, 1),
        embeddingCost.perTap.macs.toLocaleString("en-US"),
        percent(embeddingCost.perTap.share, 3),
      ]);
    }
  });
});
