import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { account } from "../../src/analyse/account.js";
import type { Mixer, Network } from "../../src/ir/index.js";
import { frameParameters, overBlocks } from "../support/count.js";
import {
  dense,
  type Family,
  grid,
  net,
  pelk,
  pelk101,
  peripheral,
  sized,
  slak,
  stripes,
} from "../support/networks.js";

const params = (network: Network) => account(network).params;
const millions = (count: number) => (count / 1e6).toFixed(1);
const T = { depths: [3, 3, 9, 3], widths: [96, 192, 384, 768] };

describe("published counts, to the last weight", () => {
  test.each<[Family, number]>([
    ["tiny", 28_589_128],
    ["small", 50_223_688],
    ["base", 88_591_464],
  ])("ConvNeXt %s", (size, count) => {
    expect(params(sized(size))).toEqual({
      dense: count,
      nonzero: count,
      embedding: 0,
      merged: count,
    });
  });

  test.each<[Family, number]>([
    ["tiny", 50_703_838],
    ["small", 91_131_820],
    ["base", 157_950_792],
  ])("SLaK %s, dense as its authors count", (size, count) => {
    expect(params(slak(size)).dense).toBe(count);
  });

  test.each<[Family, string, string]>([
    ["tiny", "48.7", "28.8"],
    ["small", "85.3", "50.7"],
    ["base", "150.2", "89.5"],
  ])("PeLK %s: %s M with embedding, 0.6 of the rest is %s M", (size, whole, sparse) => {
    const { dense: count, embedding } = params(pelk(size));
    expect(millions(count)).toBe(whole);
    expect(millions(0.6 * (count - embedding))).toBe(sparse);
  });

  // Figure 6: ConvNeXt-T with every kernel replaced, without embedding, as merged: the stripes' norms
  // are not in the figures.
  test.each([
    [31, "34.6", "30.3", "29.1"],
    [51, "45.5", "31.6", "29.4"],
    [101, "95.8", "35.0", "29.8"],
    [151, "179.3", "38.3", "30.2"],
  ])("figure 6, k = %i: dense %s, stripe %s, peripheral %s", (kernel, whole, stripe, shared) => {
    const all = (mixer: Mixer) =>
      millions(params(net({ mixers: new Array(4).fill(mixer) })).merged);
    expect(all(dense(kernel))).toBe(whole);
    expect(all(stripes(kernel, { branch: false }))).toBe(stripe);
    expect(all(peripheral(kernel, { partial: 1, embedding: false, branch: false }))).toBe(shared);
  });
});

describe("closed forms", () => {
  // Channels and convolved channels of PeLK-T, facts.md sections 3 and 4.
  const widths = [124, 249, 499, 998];
  const convolved = [46, 93, 187, 374];
  const zones = [169, 169, 169, 81];
  const taps = [51 ** 2, 49 ** 2, 47 ** 2, 13 ** 2];
  const at = (list: readonly number[], stage: number) => list[stage] ?? 0;
  const frame = frameParameters(T.depths, widths);
  const blocks = (each: (zoneCount: number, k2: number) => number) =>
    overBlocks(T.depths, convolved, (g, stage) => g * each(at(zones, stage), at(taps, stage)));
  const embedding = convolved.reduce((sum, g, stage) => sum + g * at(taps, stage), 0);
  const withMixers = (options: Partial<Extract<Mixer, { type: "peripheral" }>>) =>
    params(pelk("tiny", { mixers: [51, 49, 47, 13].map((k) => peripheral(k, options)) }));

  test("PeLK-T as shipped: branch, two norms, bias embedding", () => {
    expect(params(pelk("tiny"))).toEqual({
      dense: frame + embedding + blocks((a) => a + 25 + 4),
      nonzero: frame + embedding + blocks((a) => a + 25 + 4),
      embedding,
      merged: frame + blocks((a) => a + 1),
    });
  });

  test("without branch the embedding is the bias, and fuse() writes it down", () => {
    expect(withMixers({ branch: false })).toMatchObject({
      dense: frame + embedding + blocks((a) => a),
      embedding,
      merged: frame + blocks((a) => a + 1),
    });
  });

  test("without branch and embedding the convolution has a bias of its own", () => {
    const count = frame + blocks((a) => a + 1);
    expect(withMixers({ branch: false, embedding: false })).toMatchObject({
      dense: count,
      embedding: 0,
      merged: count,
    });
  });

  test("a masked embedding stays, with the weight that it is multiplied with", () => {
    expect(withMixers({ embedding: "masked" })).toMatchObject({
      dense: frame + embedding + blocks((a) => a + 25 + 4),
      merged: frame + embedding + blocks((a) => 2 * a + 1),
    });
    const alone = frame + embedding + blocks((a) => a + 1);
    expect(withMixers({ embedding: "masked", branch: false })).toMatchObject({
      dense: alone,
      merged: alone,
    });
  });

  test("a branch wider than the unshared centre merges into a dense kernel", () => {
    expect(withMixers({ branch: 7 })).toMatchObject({
      dense: frame + embedding + blocks((a) => a + 49 + 4),
      // 13 = 2,2,1,1,1: its unshared centre is 5 too.
      merged: frame + blocks((_, k2) => k2 + 1),
    });
  });

  test("the 7×7 centre of PeLK-101 takes a branch of 7", () => {
    const mixers = [101, 69, 67, 13].map((k) => peripheral(k, { centre: 7, branch: 7 }));
    const { merged } = params(pelk101("tiny", { mixers }));
    // 13 with a centre of 7 is 1,2,1,1,1,1: 11 cells a side.
    const shared = [289, 289, 225, 121];
    expect(merged).toBe(
      frame + overBlocks(T.depths, convolved, (g, stage) => g * (at(shared, stage) + 1)),
    );
  });

  test("stripes stay two stripes with one bias", () => {
    const frameOf = frameParameters(T.depths, widths);
    const sides = [51, 49, 47, 13];
    const stripe = (extra: number) =>
      overBlocks(T.depths, widths, (c, stage) => c * (2 * 5 * at(sides, stage) + extra));
    expect(params(slak("tiny"))).toMatchObject({
      dense: frameOf + stripe(25 + 6),
      merged: frameOf + stripe(1),
    });
  });

  test("explicit grids: table 5's shares of all depthwise weights", () => {
    const cells = [8, 4, 2, 1, 1, 1, 1, 1, 2, 4, 8];
    const count = (mixer: Mixer) => params(net({ mixers: new Array(4).fill(mixer) })).dense;
    const depthwise = overBlocks(T.depths, T.widths, (c) => c);
    expect(count(dense(33)) - count(grid(cells, cells))).toBe(depthwise * (33 ** 2 - 11 ** 2));
  });

  test("layer scale, expansion and classes count", () => {
    const base = params(net()).dense;
    const count = (overrides: Partial<Network>) => params(net(overrides)).dense - base;
    const widthSum = overBlocks(T.depths, T.widths, (c) => c);
    expect(count({ block: { type: "convnext", expansion: 4, layerScale: false } })).toBe(-widthSum);
    expect(count({ block: { type: "convnext", expansion: 3, layerScale: 1e-6 } })).toBe(
      -overBlocks(T.depths, T.widths, (c) => 2 * c ** 2 + c),
    );
    expect(count({ head: { type: "classifier", classes: 10, norm: "layer" } })).toBe(-990 * 769);
    expect(count({ input: { channels: 1, size: 224 } })).toBe(-2 * 16 * 96);
  });
});

describe("nonzero counts", () => {
  test.each<[Family, number]>([
    ["tiny", 29],
    ["small", 50],
    ["base", 89],
  ])("PeLK %s at 40%% sparsity, without embedding, is within 1.5%% of %i M", (size, published) => {
    const { dense: count, nonzero, embedding } = params(pelk(size, { sparsity: 0.4 }));
    expect(params(pelk(size)).dense).toBe(count);
    expect(Math.abs((nonzero - embedding) / 1e6 / published - 1)).toBeLessThan(0.015);
  });

  test("a share of everything but the embedding is zero", () => {
    const { layers, params: all } = account(pelk("tiny", { sparsity: 0.4 }));
    // Each tensor is rounded by itself; there are at most two a layer.
    const rounded = 0.6 * (all.dense - all.embedding) + all.embedding;
    expect(Math.abs(all.nonzero - rounded)).toBeLessThan(layers.length);
    const [embedding] = layers.filter(({ kind }) => kind === "embedding");
    expect(embedding?.params.nonzero).toBe(46 * 51 * 51);
  });

  test("are within one weight a tensor of the declared share", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (sparsity) => {
        for (const layer of account(pelk("tiny", { sparsity })).layers) {
          if (layer.kind === "embedding") continue;
          const { dense: whole, nonzero } = layer.params;
          const share = (whole - nonzero) / whole;
          expect(share).toBeLessThanOrEqual(sparsity + 1 / whole);
          expect(share).toBeGreaterThanOrEqual(sparsity - 1 / whole);
        }
      }),
      { numRuns: 30 },
    );
  });
});
