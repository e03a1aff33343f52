import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { account } from "../../src/analyse/account.js";
import { shippedNetworks } from "../../src/dsl/zoo/shipped.js";

const PAGE = readFileSync(new URL("../../docs/networks.md", import.meta.url), "utf8");

const NETWORKS = Object.fromEntries(
  Object.entries(shippedNetworks).map(([name, make]) => [name, make()]),
);

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
  const card = (name: string, size?: number) => {
    const network = NETWORKS[name];
    if (network === undefined) return undefined;
    return account(network, size === undefined ? {} : { size });
  };

  test.each(["dense", "nonzero", "merged", "embedding"] as const)("%s parameters", (row) => {
    const found = figures("parameters", row);
    const few = { dense: 14, nonzero: 8, merged: 14, embedding: 5 };
    expect(found).toHaveLength(few[row]);
    for (const [name, count] of found)
      expect([name, count]).toEqual([name, card(name)?.params[row]]);
  });

  test("multiply-adds at each size", () => {
    const found = figures("MACs", "dense");
    expect(found).toHaveLength(17);
    for (const [column, count] of found) {
      const [name = "", size = ""] = column.replace("²", "").split(" ");
      expect([column, count]).toEqual([column, card(name, Number(size))?.macs.dense]);
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
      const own = card(name);
      expect(own, name).toBeDefined();
      if (own === undefined) continue;
      const { largeKernels, embeddingCost } = own;
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
