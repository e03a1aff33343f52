import { describe, expect, test } from "vitest";
import { account } from "../../src/analyse/account.js";
import { type Compared, multipleInWords } from "../../src/report/comparison.js";
import { comparisonCsv } from "../../src/report/comparison-csv.js";
import { comparisonLatex } from "../../src/report/comparison-latex.js";
import { comparisonTable } from "../../src/report/comparison-table.js";
import { csv } from "../../src/report/csv.js";
import { latexText } from "../../src/report/latex.js";
import { net, pelk } from "../support/networks.js";

const tiny = account(pelk("tiny", { name: "pelk_tiny", sparsity: 0.4 }));
const plain = account(net({ name: "plain" }));
/** A model of which the counts alone are known. */
const peer: Compared = {
  name: "swin_tiny & co",
  input: { channels: 3, size: [256, 224] },
  params: { dense: 28_288_354, nonzero: 28_288_354, embedding: 0, merged: 28_288_354 },
  macs: { dense: 4_500_000_000, nonzero: 4_500_000_000 },
};
const rows = [tiny, plain, peer];

describe("as text", () => {
  const text = comparisonTable(rows);
  const cells = (name: string): string[] =>
    (text.split("\n").find((line) => line.startsWith(name)) ?? "").split(/ {2,}/);

  test("has a row a network, with multiples of the first", () => {
    expect(cells("pelk_tiny")).toEqual([
      "pelk_tiny",
      "224×224",
      "48.74 M",
      "29.57 M",
      "819,228",
      "47.83 M",
      "9.735 G",
      "5.841 G",
      "24.8%",
      "9,560×9,560",
      "29 M / 5.6 G / 82.6%",
    ]);
    // 28,589,128 / 48,739,822 and / 29,571,548; no embedding; 4.4555 / 9.7353.
    expect(cells("plain").slice(0, 12)).toEqual([
      "plain",
      "224×224",
      "28.59 M",
      "×0.59",
      "28.59 M",
      "×0.97",
      "0",
      "×0.00",
      "28.59 M",
      "×0.60",
      "4.456 G",
      "×0.46",
    ]);
  });

  test("says what it does not know", () => {
    expect(cells("swin_tiny & co").slice(-3)).toEqual(["×0.77", "–", "–"]);
    expect(cells("swin_tiny & co")[1]).toBe("256×224");
    expect(text).not.toMatch(/[ \t]$/m);
  });

  test("small multiples keep two digits", () => {
    expect([0, 0.000_234, 0.099, 0.1, 1, 3.0822].map(multipleInWords)).toEqual([
      "0.00",
      "0.00023",
      "0.099",
      "0.10",
      "1.00",
      "3.08",
    ]);
  });
});

describe("as CSV", () => {
  const [head = [], ...lines] = comparisonCsv(rows)
    .split("\r\n")
    .slice(0, -1)
    .map((line) => line.split(","));
  const cell = (row: number, key: string): string | undefined => lines[row]?.[head.indexOf(key)];

  test("has every count in full, and unrounded ratios", () => {
    expect(lines.map((line) => line.length)).toEqual(rows.map(() => head.length));
    expect(cell(0, "network")).toBe("pelk_tiny");
    expect(Number(cell(0, "params_dense"))).toBe(tiny.params.dense);
    expect(Number(cell(0, "macs_nonzero"))).toBe(tiny.macs.nonzero);
    expect(Number(cell(0, "large_kernel_share"))).toBe(tiny.largeKernels.share.dense);
    expect(cell(0, "published_params")).toBe("29000000");
    expect(cell(0, "published_top1")).toBe("82.6");
    expect(Number(cell(1, "params_dense_ratio"))).toBe(plain.params.dense / tiny.params.dense);
    expect(cell(0, "macs_dense_ratio")).toBe("1");
  });

  test("leaves empty what is not known", () => {
    const keys = ["large_kernel_share", "receptive_field_height", "published_macs"];
    for (const key of keys) expect(cell(2, key)).toBe("");
    // Nothing to divide by in the first row.
    const embedded = comparisonCsv([plain, tiny]).split("\r\n")[2]?.split(",");
    expect(embedded?.[head.indexOf("params_embedding_ratio")]).toBe("");
  });

  test("quotes as RFC 4180 says", () => {
    expect(csv([['a"b', "c,d", "e\nf", null, 1e-7, "=1+1", "-5"]])).toBe(
      `"a""b","c,d","e\nf",,1e-7,'=1+1,-5\r\n`,
    );
  });
});

describe("as LaTeX", () => {
  const text = comparisonLatex(rows);

  test("is a booktabs table with as many cells as columns", () => {
    const columns = /\\begin\{tabular\}\{([lr]+)\}/.exec(text)?.[1]?.length;
    const body = text.split("\n").filter((line) => line.endsWith("\\\\"));
    expect(body).toHaveLength(4);
    for (const line of body) expect(line.split(/(?<!\\)& /)).toHaveLength(columns ?? 0);
    for (const rule of ["toprule", "midrule", "bottomrule"]) expect(text).toContain(`\\${rule}`);
    expect(body[1]).toMatch(
      /^ {2}pelk\\_tiny & \$224 \\times 224\$ & 48\.74 & 1\.00 & 29\.57 & .* & 29 & 5\.6 & 82\.6 \\\\$/,
    );
    expect(body[3]).toMatch(/^ {2}swin\\_tiny \\& co & \$256 \\times 224\$ & 28\.29 & 0\.58 & /);
    expect(body[3]).toMatch(/ & -- & -- & -- & -- & -- \\\\$/);
  });

  test("escapes every character that LaTeX reads", () => {
    expect(latexText("a_b & 50% {x}^~\\#$ <y>")).toBe(
      "a\\_b \\& 50\\% \\{x\\}\\textasciicircum{}\\textasciitilde{}\\textbackslash{}\\#\\$ \\textless{}y\\textgreater{}",
    );
  });
});
