import { describe, expect, test } from "vitest";
import { account } from "../../src/analyse/account.js";
import { figure6, TABLE_5_GRIDS, uniform33 } from "../../src/dsl/index.js";
import { shippedNetworks } from "../../src/dsl/zoo/shipped.js";

const count = (name: string, size?: number) => {
  const make = shippedNetworks[name];
  if (make === undefined) throw new Error(`${name} is not shipped`);
  return account(make(), size === undefined ? {} : { size });
};
const giga = (macs: number): string => (macs / 1e9).toFixed(3);

// facts.md, sections 5 to 7: what the authors' own code counts.
describe("parameters, to the unit", () => {
  test.each([
    ["slak_tiny", 50_703_838],
    ["slak_small", 91_131_820],
    ["slak_base", 157_950_792],
    ["convnext_tiny", 28_589_128],
    ["convnext_small", 50_223_688],
    ["convnext_base", 88_591_464],
    ["replknet_31b", 79_864_168],
    ["replknet_31l", 172_671_016],
    ["replknet_xl", 335_435_752],
  ])("%s", (name, dense) => {
    expect(count(name).params.dense).toBe(dense);
  });

  test.each([
    ["replknet_31b", 79_527_272, 79_438_952],
    ["replknet_31l", 172_165_672, 172_033_192],
    ["replknet_xl", 335_399_656, 335_210_984],
  ])("%s: branches merged %i, all norms after convolutions folded %i", (name, branches, merged) => {
    const { params, layers } = count(name);
    expect(params.merged).toBe(merged);
    // Merging alone takes the mixers' norms and branches, and leaves a bias; the other norms stay.
    const mixers = layers.filter((layer) => layer.name.includes(".mixer."));
    const taken = mixers.reduce((sum, layer) => sum + layer.params.dense - layer.params.merged, 0);
    expect(params.dense - taken).toBe(branches);
  });
});

describe("multiply-adds that FlopCounterMode counts on the authors' networks", () => {
  test.each([
    ["replknet_31b", "15.431"],
    ["replknet_31l", "32.781"],
    ["replknet_xl", "63.079"],
    ["slak_tiny", "8.705"],
    ["slak_small", "16.604"],
    ["slak_base", "28.509"],
    ["convnext_tiny", "4.456"],
    ["convnext_small", "8.684"],
    ["convnext_base", "15.355"],
    ["pelk_tiny", "9.735"],
    ["pelk_small", "18.237"],
    ["pelk_base", "30.696"],
  ])("%s: %s G", (name, macs) => {
    expect(giga(count(name, 224).macs.dense)).toBe(macs);
  });

  test("at other sizes", () => {
    expect(giga(count("replknet_xl", 320).macs.dense)).toBe("128.730");
    expect(giga(count("pelk_base", 384).macs.dense)).toBe("90.207");
    expect(giga(count("pelk101_base", 384).macs.dense)).toBe("114.087");
  });

  test.each([
    ["pelk_tiny", 224, 5.6],
    ["pelk_small", 224, 10.7],
    ["pelk_base", 224, 18.3],
    ["pelk_base", 384, 54.0],
    ["pelk101_base", 384, 68.3],
  ])("nonzero, %s at %i is within 5%% of the paper's %f G", (name, size, published) => {
    const { nonzero } = count(name, size).macs;
    expect(Math.abs(nonzero / 1e9 / published - 1)).toBeLessThan(0.05);
  });
});

describe("studies", () => {
  // facts.md, figure 6, in millions; without embedding, as merged.
  test.each([
    [31, "34.6", "30.3", "29.1"],
    [51, "45.5", "31.6", "29.4"],
    [101, "95.8", "35.0", "29.8"],
    [151, "179.3", "38.3", "30.2"],
  ])("figure 6 at %i: dense %s, stripes %s, peripheral %s", (kernel, ...published) => {
    const forms = ["dense", "stripes", "peripheral"] as const;
    const merged = forms.map((form) => account(figure6(form, kernel)).params.merged);
    expect(merged.map((parameters) => (parameters / 1e6).toFixed(1))).toEqual(published);
  });

  // Table 5 prints the depthwise parameters over those of 33×33 taps.
  test.each([
    ["ones", 33, "1.00"],
    ["twos", 17, "0.27"],
    ["twos_centre", 19, "0.33"],
    ["fours_centre", 13, "0.16"],
    ["exponential", 11, "0.11"],
    ["reversed", 11, "0.11"],
  ] as const)("table 5, %s: k' is %i, a share of %s", (name, side, share) => {
    const { layers, stages, params, sparsity } = account(uniform33(name));
    for (const { grid, kernel } of stages) {
      expect(kernel).toEqual([33, 33]);
      expect(grid.map(({ rows, columns }) => [rows.length, columns.length])).toEqual([
        [side, side],
      ]);
    }
    expect(((side * side) / (33 * 33)).toFixed(2)).toBe(share);
    const [first] = layers.filter((layer) => layer.kind === "depthwise");
    // 46 channels of 124, each with a bias where there is no branch.
    expect(first?.params.dense).toBe(46 * (side * side + 1));
    expect([params.embedding, sparsity]).toEqual([0, 0]);
  });

  test("another half grid by its cells", () => {
    expect(uniform33([5, 4, 4, 3, 1]).name).toBe("uniform33_5_4_4_3_1");
    expect(uniform33(TABLE_5_GRIDS.reversed).mixers).toEqual(uniform33("reversed").mixers);
  });

  test("a whole symmetric grid stands for its half", () => {
    const whole = [8, 4, 2, 1, 1, 1, 1, 1, 2, 4, 8];
    expect(uniform33(whole)).toEqual(uniform33([8, 4, 2, 1, 1, 1]));
    expect(uniform33(Array.from({ length: 33 }, () => 1)).mixers).toEqual(uniform33("ones").mixers);
  });

  test.each([[[5, 4]], [[16.5, 0.5]], ["powers"], [[]], [[16, 1, 15, 1]], [[16, 1, 8, 4, 4]]])(
    "%j is no half grid of 33 taps",
    (half) => {
      expect(() => uniform33(half as never)).toThrow(expect.objectContaining({ code: "FOV0001" }));
    },
  );

  test("figure 6 has three forms, and its kernels are odd", () => {
    const details = expect.objectContaining({ code: "FOV0001", fix: 'write "stripes"' });
    expect(() => figure6("stripe" as never, 31)).toThrow(expect.objectContaining({ details }));
    expect(() => figure6("dense", 32)).toThrow(expect.objectContaining({ code: "FOV0010" }));
  });
});
