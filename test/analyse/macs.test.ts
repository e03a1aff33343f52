import { describe, expect, test } from "vitest";
import { account } from "../../src/analyse/account.js";
import type { Mixer, Network, SizeLike } from "../../src/ir/index.js";
import { overBlocks } from "../support/count.js";
import {
  dense,
  type Family,
  net,
  pelk,
  pelk101,
  peripheral,
  sized,
  slak,
} from "../support/networks.js";

const giga = (network: Network, size?: SizeLike): string =>
  (account(network, size === undefined ? {} : { size }).macs.dense / 1e9).toFixed(3);

describe("counts of PyTorch's FlopCounterMode (facts.md, section 6)", () => {
  test.each<[Family, string, string, string]>([
    ["tiny", "4.456", "8.705", "9.735"],
    ["small", "8.684", "16.604", "18.237"],
    ["base", "15.355", "28.509", "30.696"],
  ])("%s: ConvNeXt %s, SLaK %s, PeLK %s", (size, convnext, stripes, peripherals) => {
    expect(giga(sized(size))).toBe(convnext);
    expect(giga(slak(size))).toBe(stripes);
    expect(giga(pelk(size))).toBe(peripherals);
  });

  test("PeLK-B at 384²", () => {
    expect(giga(pelk("base"), 384)).toBe("90.207");
    expect(giga(pelk101("base"), 384)).toBe("114.087");
  });

  test("0.6 of them is within 5% of the paper's", () => {
    const published: [Network, number, number][] = [
      [pelk("tiny"), 224, 5.6],
      [pelk("small"), 224, 10.7],
      [pelk("base"), 224, 18.3],
      [pelk("base"), 384, 54.0],
      [pelk101("base"), 384, 68.3],
    ];
    for (const [network, size, figure] of published) {
      const { nonzero } = account({ ...network, sparsity: 0.4 }, { size }).macs;
      expect(Math.abs(nonzero / 1e9 / figure - 1)).toBeLessThan(0.05);
    }
  });
});

describe("closed form, rectangular image", () => {
  test("every tap and every matrix, once an output pixel", () => {
    const network = net({ depths: [2, 1], widths: [8, 24], mixers: [dense([5, 3]), dense(7)] });
    // 64×96 pixels: maps 16×24 and 8×12.
    const stem = 16 * 24 * 4 * 4 * 3 * 8;
    const first = 2 * 16 * 24 * (15 * 8 + 2 * 4 * 8 * 8);
    const between = 8 * 12 * 2 * 2 * 8 * 24;
    const second = 8 * 12 * (49 * 24 + 2 * 4 * 24 * 24);
    const card = account(network, { size: [64, 96] });
    expect(card.macs.dense).toBe(stem + first + between + second + 24 * 1000);
    expect(card.stages.map(({ macs }) => macs.dense)).toEqual([first, between + second]);
  });

  test("a partial convolution pays for its own channels, the branch for its taps", () => {
    const without = account(
      pelk("tiny", { mixers: new Array<Mixer>(4).fill(dense(1, { partial: 3 / 8 })) }),
    );
    const pixels = [56 ** 2, 28 ** 2, 14 ** 2, 7 ** 2];
    const taps = [51 ** 2, 49 ** 2, 47 ** 2, 13 ** 2];
    const added = overBlocks(
      [3, 3, 9, 3],
      [46, 93, 187, 374],
      (g, stage) => g * (pixels[stage] ?? 0) * ((taps[stage] ?? 0) + 25 - 1),
    );
    expect(account(pelk("tiny")).macs.dense - without.macs.dense).toBe(added);
  });

  test("a masked embedding multiplies with the windows in every block; a bias costs nothing", () => {
    const mixers = (embedding: "bias" | "masked" | false): Mixer[] =>
      [51, 49, 47, 13].map((kernel) => peripheral(kernel, { embedding }));
    const macs = (embedding: "bias" | "masked" | false) =>
      account(pelk("tiny", { mixers: mixers(embedding) }), { size: [224, 448] }).macs.dense;
    expect(macs("bias")).toBe(macs(false));
    const sides = [51, 49, 47, 13];
    const heights = [56, 28, 14, 7];
    const windows = overBlocks([3, 3, 9, 3], [46, 93, 187, 374], (g, stage) => {
      const [k, h] = [sides[stage] ?? 0, heights[stage] ?? 0];
      return g * (h * k * k + h * k * 2 * h);
    });
    expect(macs("masked") - macs(false)).toBe(windows);
  });
});

describe("nonzero multiply-adds", () => {
  test("follow each layer's kept weights, rounded once", () => {
    const card = account(pelk("base", { sparsity: 0.37 }), { size: 384 });
    for (const layer of card.layers) {
      const { dense: whole, nonzero } = layer.macs;
      if (whole === 0) {
        expect(nonzero).toBe(0);
        continue;
      }
      const bias = ["convolution", "linear"].includes(layer.kind);
      // Without the bias, whose length is the first side of the weight: read off the dense count.
      const kept = layer.params.nonzero / layer.params.dense;
      expect(Math.abs(nonzero / whole - kept)).toBeLessThan(bias ? 0.02 : 1e-4);
    }
  });

  test("are whole where the exact share is not, and right past 2⁵³", () => {
    const network = net({
      input: { channels: 3, size: 8192 },
      stem: { type: "patchify", stride: 1 },
      depths: [1],
      widths: [1111],
      mixers: [peripheral(51, { partial: 1, branch: false, embedding: false })],
      sparsity: 0.3,
    });
    const layer = account(network).layers.find(({ name }) => name.endsWith("mixer.large"));
    const weights = 1111n * 169n;
    const kept = weights - BigInt(Math.round(0.3 * Number(weights)));
    const macs = 8192n * 8192n * 2601n * 1111n;
    expect(layer?.macs.dense).toBe(Number(macs));
    expect(macs * kept > 2n ** 53n).toBe(true);
    const exact = (macs * kept + weights / 2n) / weights;
    expect(layer?.macs.nonzero).toBe(Number(exact));
  });

  test("of a network that cannot be counted exactly are refused", () => {
    const network = net({
      input: { channels: 3, size: 65_536 },
      stem: { type: "patchify", stride: 1 },
      depths: [1],
      widths: [65_536],
      mixers: [dense(7)],
    });
    expect(() => account(network)).toThrow(/too many to be counted exactly/);
  });
});
