import { describe, expect, test } from "vitest";
import { account } from "../../src/analyse/account.js";
import { overBlocks } from "../support/count.js";
import { dense, net, pelk, peripheral, slak } from "../support/networks.js";

const DEPTHS = [3, 3, 9, 3];
const CONVOLVED = [46, 93, 187, 374];
const PIXELS = [56 ** 2, 28 ** 2, 14 ** 2, 7 ** 2];
const TAPS = [51 ** 2, 49 ** 2, 47 ** 2, 13 ** 2];
const at = (list: readonly number[], stage: number): number => list[stage] ?? 0;

describe("figure 5 of the PeLK paper, on PeLK-T at 224²", () => {
  const card = account(pelk("tiny", { sparsity: 0.4 }));

  test("large kernels are about a quarter of the multiply-adds", () => {
    const macs = overBlocks(
      DEPTHS,
      CONVOLVED,
      (g, stage) => g * at(PIXELS, stage) * (at(TAPS, stage) + 25),
    );
    expect(card.largeKernels.macs.dense).toBe(macs);
    expect(card.largeKernels.share.dense).toBe(macs / card.macs.dense);
    expect(Math.round(100 * card.largeKernels.share.dense)).toBe(25);
    expect(card.largeKernels.share.nonzero).toBe(
      card.largeKernels.macs.nonzero / card.macs.nonzero,
    );
    expect(card.largeKernels.macs.nonzero / macs).toBeCloseTo(0.6, 3);
  });

  test("the embedding is 0.05% with a multiply-add a tap, and nothing as a bias", () => {
    const taps = overBlocks(DEPTHS, CONVOLVED, (g, stage) => g * at(TAPS, stage));
    const { macs, share, perTap } = card.embeddingCost;
    expect([macs, share]).toEqual([0, 0]);
    expect(perTap).toEqual({ macs: taps, share: taps / card.macs.dense });
    expect((100 * perTap.share).toFixed(2)).toBe("0.05");
  });

  test("a stage's share is of the stage", () => {
    const [stage] = card.stages;
    const own = 3 * 46 * 56 ** 2 * (51 ** 2 + 25);
    expect(stage?.largeKernels.macs.dense).toBe(own);
    expect(stage?.largeKernels.share.dense).toBe(own / (stage?.macs.dense ?? 0));
    const sum = card.stages.reduce((total, each) => total + each.largeKernels.macs.dense, 0);
    expect(sum).toBe(card.largeKernels.macs.dense);
  });
});

test("stripes count both, and their branch; a ConvNeXt its 7×7", () => {
  const widths = [124, 249, 499, 998];
  const stripes = overBlocks(
    DEPTHS,
    widths,
    (c, stage) => c * at(PIXELS, stage) * (10 * at([51, 49, 47, 13], stage) + 25),
  );
  expect(account(slak("tiny")).largeKernels.macs.dense).toBe(stripes);
  const small = overBlocks(DEPTHS, [96, 192, 384, 768], (c, stage) => c * at(PIXELS, stage) * 49);
  expect(account(net()).largeKernels.macs.dense).toBe(small);
  expect(account(net()).embeddingCost).toEqual({
    macs: 0,
    share: 0,
    perTap: { macs: 0, share: 0 },
  });
});

test("a masked embedding pays for its windows", () => {
  const network = net({
    depths: [2],
    widths: [64],
    mixers: [peripheral(51, { embedding: "masked" })],
  });
  const { macs, perTap, share } = account(network).embeddingCost;
  expect(macs).toBe(2 * 24 * (56 * 51 * 51 + 56 * 51 * 56));
  expect(perTap.macs).toBe(2 * 24 * 51 * 51);
  expect(share).toBe(macs / account(network).macs.dense);
});

test("a network of one pixel and one tap divides nothing by zero", () => {
  const network = net({
    depths: [1],
    widths: [8],
    mixers: [dense(1)],
    input: { channels: 1, size: 4 },
  });
  expect(account(network).largeKernels.share.dense).toBeGreaterThan(0);
});
