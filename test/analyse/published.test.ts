import { describe, expect, test } from "vitest";
import { account } from "../../src/analyse/account.js";
import { PUBLISHED } from "../../src/analyse/published/networks.js";
import { uniform33 } from "../../src/dsl/index.js";
import { shippedNetworks } from "../../src/dsl/zoo/shipped.js";
import type { Network } from "../../src/ir/index.js";
import { dense, grid, net, pelk, pelk101, peripheral, sized, slak } from "../support/networks.js";

const SPARSE = { sparsity: 0.4 };
const of = (network: Network, size?: number) =>
  account(network, size === undefined ? {} : { size }).published;
const figure = (network: Network, quantity: string, size?: number) =>
  of(network, size).find((each) => each.quantity === quantity);
const known = (network: Network, size?: number) => of(network, size)[0]?.network;

describe("differences from the published figures", () => {
  // Parameters M, FLOPs G and top-1 of facts.md, section 4; ours by its derivation.
  test.each([
    ["PeLK-T", pelk("tiny", SPARSE), 224, 29, 5.6, 82.6],
    ["PeLK-S", pelk("small", SPARSE), 224, 50, 10.7, 83.9],
    ["PeLK-B", pelk("base", SPARSE), 224, 89, 18.3, 84.2],
    ["PeLK-B", pelk("base", SPARSE), 384, 89, 54, 85.6],
    ["PeLK-B-101", pelk101("base", SPARSE), 384, 90, 68.3, 85.8],
    ["SLaK-T", slak("tiny", SPARSE), 224, 30, 5, 82.5],
    ["SLaK-S", slak("small", SPARSE), 224, 55, 9.8, 83.8],
    ["SLaK-B", slak("base", SPARSE), 224, 95, 17.1, 84],
  ] as const)("%s", (name, network, size, params, macs, top1) => {
    const figures = of(network, size).filter(({ printed, value }) => printed !== String(value));
    const { params: own, macs: work } = account(network, { size });
    const sparse = own.nonzero - own.embedding;
    expect(sparse / (0.6 * (own.dense - own.embedding))).toBeCloseTo(1, 4);
    expect(figures.slice(0, 3)).toMatchObject([
      { network: name, quantity: "params", value: params * 1e6, ours: sparse, size: null },
      {
        quantity: "macs",
        value: macs * 1e9,
        ours: work.nonzero,
        counted: "nonzero",
        size: [size, size],
      },
      { quantity: "top1", value: top1, ours: null, difference: null },
    ]);
    for (const { value, ours, difference } of figures) {
      if (ours !== null) expect(difference).toBeCloseTo(100 * (ours / value - 1), 9);
    }
    const [parameters, multiplies] = figures;
    if (name.startsWith("PeLK")) {
      expect(Math.abs(parameters?.difference ?? 100)).toBeLessThan(1.5);
      expect(Math.abs(multiplies?.difference ?? 100)).toBeLessThan(5);
    }
  });

  test.each([
    ["tiny", 28_589_128, "28 M", 82.1],
    ["small", 50_223_688, "50 M", 83.1],
    ["base", 88_591_464, "89 M", 83.8],
  ] as const)("ConvNeXt %s counts everything", (size, count, printed, top1) => {
    expect(of(sized(size))[0]).toMatchObject({ ours: count, value: count, difference: 0 });
    expect(of(sized(size))[1]).toMatchObject({ ours: count, counted: "dense", printed });
    expect(figure(sized(size), "top1")?.value).toBe(top1);
  });

  test.each([
    ["tiny", 50_703_838],
    ["small", 91_131_820],
    ["base", 157_950_792],
  ] as const)("SLaK %s, as its authors count it densely", (size, count) => {
    expect(of(slak(size, SPARSE))[0]).toMatchObject({
      quantity: "params",
      printed: String(count),
      ours: count,
      difference: 0,
      source: expect.stringContaining("12"),
    });
  });
});

describe("RepLKNet", () => {
  const network = (name: string): Network => {
    const make = shippedNetworks[name];
    if (make === undefined) throw new Error(`${name} is not shipped`);
    return make();
  };

  test.each([
    ["replknet_31b", 79_864_168, 79_438_952],
    ["replknet_31l", 172_671_016, 172_033_192],
    ["replknet_xl", 335_435_752, 335_210_984],
  ])("%s: its authors' counts, in training form and merged", (name, dense_, merged) => {
    expect(of(network(name)).slice(0, 2)).toMatchObject([
      { counted: "dense", value: dense_, ours: dense_, difference: 0 },
      { counted: "merged", value: merged, ours: merged, difference: 0 },
    ]);
  });

  // facts.md, section 6: 15.354 G of the merged 31B at 224²; XL has no branch.
  test.each([
    ["replknet_31b", 224, "15.3 G", 15.354],
    ["replknet_31b", 384, "45.1 G", 45.119],
    ["replknet_31l", 384, "96.0 G", 95.989],
    ["replknet_xl", 320, "128.7 G", 128.73],
  ])("%s at %i prints %s, of the merged form", (name, size, printed, giga) => {
    const found = figure(network(name), "macs", size);
    expect(found).toMatchObject({ printed, counted: "branches merged" });
    expect(((found?.ours ?? 0) / 1e9).toFixed(2)).toBe(giga.toFixed(2));
    expect(Math.abs(found?.difference ?? 100)).toBeLessThan(0.5);
  });
});

test.each([
  ["ones", 81.4],
  ["twos", 81],
  ["twos_centre", 81.4],
  ["fours_centre", 81.3],
  ["exponential", 81.4],
  ["reversed", 80.5],
] as const)("table 5, %s: %f%%", (name, top1) => {
  expect(of(uniform33(name))).toMatchObject([
    { quantity: "top1", value: top1, note: "120 epochs", source: expect.stringMatching(/table 5/) },
  ]);
});

describe("which network it is", () => {
  test("decides the declaration and not the name", () => {
    expect(known(pelk("tiny", { ...SPARSE, name: "mine", description: "another" }))).toBe("PeLK-T");
    expect(known(pelk("tiny", { ...SPARSE, dropPath: 0.3, initStd: 0.1 }))).toBe("PeLK-T");
    expect(known(net({ name: "pelk_tiny" }))).toBe("ConvNeXt-T");
  });

  test("the same grids in other words are the same network", () => {
    const cells = (kernel: number[]): number[] => [
      ...kernel,
      1,
      1,
      1,
      1,
      1,
      ...kernel.toReversed(),
    ];
    const words = [
      [9, 8, 4, 2],
      [8, 8, 4, 2],
      [7, 8, 4, 2],
      [2, 2],
    ].map((half) =>
      grid(cells(half), cells(half), { partial: 3 / 8, embedding: "bias", branch: 5 }),
    );
    expect(known(pelk("tiny", { ...SPARSE, mixers: words }))).toBe("PeLK-T");
    const squares = [7, 7, 7, 7].map((side) => dense([side, side]));
    expect(known(net({ mixers: squares }))).toBe("ConvNeXt-T");
    const widths = [124, 249, 499, 998];
    expect(known(pelk("tiny", { ...SPARSE, widths, widen: 1 }))).toBe("PeLK-T");
  });

  test.each<[string, Partial<Network>]>([
    ["widen", { widen: 1 }],
    ["sparsity", { sparsity: 0 }],
    ["depths", { depths: [3, 3, 9, 4] }],
    ["classes", { head: { type: "classifier", classes: 100, norm: "layer" } }],
    ["channels", { input: { channels: 1, size: 224 } }],
    ["stride", { stem: { type: "patchify", stride: 2 } }],
    ["norm", { head: { type: "classifier", classes: 1000, norm: "batch" } }],
    ["stem", { stem: { type: "convolutional" } }],
    ["downsampling", { downsample: { type: "transition" } }],
    ["block", { block: { type: "replknet", expansion: 4, ratio: 1 } }],
    ["expansion", { block: { type: "convnext", expansion: 3, layerScale: 1e-6 } }],
    ["layer scale", { block: { type: "convnext", expansion: 4, layerScale: false } }],
    ["a kernel", { mixers: [49, 49, 47, 13].map((kernel) => peripheral(kernel)) }],
    ["a centre", { mixers: [51, 49, 47, 13].map((kernel) => peripheral(kernel, { centre: 3 })) }],
    ["share", { mixers: [51, 49, 47, 13].map((kernel) => peripheral(kernel, { partial: 1 })) }],
    [
      "embedding",
      { mixers: [51, 49, 47, 13].map((kernel) => peripheral(kernel, { embedding: false })) },
    ],
    ["branch", { mixers: [51, 49, 47, 13].map((kernel) => peripheral(kernel, { branch: false })) }],
  ])("another %s is another network", (_, overrides) => {
    expect(of(pelk("tiny", SPARSE))).not.toEqual([]);
    expect(of(pelk("tiny", { ...SPARSE, ...overrides }))).toEqual([]);
  });

  test("at another image size only parameters are left", () => {
    expect(of(pelk("tiny", SPARSE), 256).map(({ quantity }) => quantity)).toEqual(["params"]);
    expect(of(pelk("base", SPARSE), 384).map(({ printed }) => printed)).toEqual([
      "89 M",
      "54.0 G",
      "85.6%",
    ]);
    const oblong = account(pelk("tiny", SPARSE), { size: [224, 256] }).published;
    expect(oblong.map(({ quantity }) => quantity)).toEqual(["params"]);
  });

  test("no two entries are one network, and none repeats a figure", () => {
    for (const { name, network, results } of PUBLISHED) {
      const size = results[0]?.size ?? 224;
      expect(known(network, size)).toBe(name);
      const rows = of(network, size).map(({ quantity, printed, source, note }) =>
        [quantity, printed, source, note].join(),
      );
      expect(new Set(rows).size).toBe(rows.length);
    }
  });

  test("the shipped networks are the published ones", () => {
    const names = Object.entries(shippedNetworks).map(([name, make]) => [name, known(make())]);
    expect(Object.fromEntries(names)).toEqual({
      pelk_tiny: "PeLK-T",
      pelk_small: "PeLK-S",
      pelk_base: "PeLK-B",
      pelk101_tiny: "PeLK-101-T",
      pelk101_base: "PeLK-B-101",
      slak_tiny: "SLaK-T",
      slak_small: "SLaK-S",
      slak_base: "SLaK-B",
      replknet_31b: "RepLKNet-31B",
      replknet_31l: "RepLKNet-31L",
      replknet_xl: "RepLKNet-XL",
      convnext_tiny: "ConvNeXt-T",
      convnext_small: "ConvNeXt-S",
      convnext_base: "ConvNeXt-B",
      pelk_digits: undefined,
    });
  });
});
