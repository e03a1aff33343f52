import { describe, expect, test } from "vitest";
import { replknet } from "../../src/dsl/index.js";
import { importLines } from "../../src/plan/imports.js";
import { planNetwork } from "../../src/plan/network.js";
import { featureNetworks } from "../support/feature-networks.js";
import { dense, grid, net, pelk, peripheral, slak, stripes } from "../support/networks.js";

const all = ({ modules: { model, blocks, mixers, layers } }: ReturnType<typeof planNetwork>) => [
  ...model,
  ...blocks,
  ...mixers,
  ...layers,
];
const templates = (network: Parameters<typeof planNetwork>[0]): string[] =>
  all(planNetwork(network)).map(({ template }) => template);

describe("planNetwork", () => {
  test("resolves PeLK-T's stages", () => {
    const { stages, kernels, flags, leastSide, blocks } = planNetwork(pelk("tiny"));
    expect(stages.map(({ channels, convolved }) => [channels, convolved])).toEqual([
      [124, 46],
      [249, 93],
      [499, 187],
      [998, 374],
    ]);
    expect(stages.map(({ from }) => from)).toEqual([false, 124, 249, 499]);
    expect(stages.map(({ first, end }) => [first, end])).toEqual([
      [0, 3],
      [3, 6],
      [6, 15],
      [15, 18],
    ]);
    expect(stages[3]?.embedding).toEqual([374, 13, 13]);
    expect(kernels.map(({ module }) => module)).toEqual([
      "peripheral_13x13_c5",
      "peripheral_47x47_c5",
      "peripheral_49x49_c5",
      "peripheral_51x51_c5",
    ]);
    expect(flags).toEqual({
      partial: true,
      passes: true,
      shared: true,
      fuses: true,
      convStem: false,
      convDownsample: false,
      blockNorms: true,
    });
    expect(stages.map(({ reduction }) => reduction)).toEqual([4, 8, 16, 32]);
    expect([leastSide, blocks]).toEqual([32, 18]);
  });

  test("asks for a kernel once", () => {
    const { kernels } = planNetwork(net({ mixers: [dense(7), dense(7), dense(5), dense(7)] }));
    expect(kernels.map(({ module }) => module)).toEqual(["dense_5x5", "dense_7x7"]);
  });

  test("prints only what the network uses", () => {
    expect(templates(net())).toEqual([
      "network",
      "stage_indices",
      "check_classifier",
      "initialise",
      "patchify_stem",
      "patchify_downsample",
      "stage",
      "convnext_block",
      "head",
      "large_kernel_mixer",
      "mixers",
      "channel_norm",
      "drop_path",
      "recomputed",
    ]);
    expect(templates(replknet("31b"))).toEqual([
      "network",
      "stage_indices",
      "check_classifier",
      "initialise",
      "convolutional_stem",
      "transition",
      "stage",
      "replknet_block",
      "conv_ffn",
      "head",
      "normed_mixer",
      "large_kernel_mixer",
      "mixers",
      "convolution",
      "conv_norm",
      "drop_path",
      "recomputed",
      "fold",
    ]);
    expect(templates(slak("tiny"))).not.toContain("large_kernel_mixer");
    expect(templates(slak("tiny"))).toContain("fused_stripes_mixer");
    expect(templates(pelk("tiny"))).toEqual(
      expect.arrayContaining(["bias_stage", "normed_mixer", "large_kernel_mixer", "fold"]),
    );
    expect(templates(pelk("tiny"))).not.toContain("masked_stage");
    const single = net({ depths: [1], widths: [8], mixers: [dense(3)] });
    expect(templates(single)).not.toContain("patchify_downsample");
  });

  test.each([
    [dense(7), "LargeKernelMixer", "LargeKernelMixer", true],
    [dense(7, { branch: 3 }), "BranchMixer", "LargeKernelMixer", false],
    [peripheral(13), "BranchBiasMixer", "LargeKernelMixer", false],
    [peripheral(13, { branch: false }), "BiasMixer", "LargeKernelMixer", false],
    [peripheral(13, { branch: 7 }), "WideBranchBiasMixer", "LargeKernelMixer", false],
    [peripheral(13, { embedding: "masked", branch: false }), "MaskedMixer", "MaskedMixer", true],
    [peripheral(13, { embedding: "masked" }), "BranchMaskedMixer", "FusedMaskedMixer", false],
    [stripes(9), "BranchedStripesMixer", "FusedStripesMixer", false],
    [stripes(9, { branch: false }), "StripesMixer", "FusedStripesMixer", false],
  ])("%j", (mixer, name, fused, bias) => {
    const plan = planNetwork(net({ depths: [1], widths: [8], mixers: [mixer] }));
    const [stage] = plan.stages;
    expect(stage?.mixer.mixer).toMatchObject({ name, fused });
    expect(stage?.mixer.bias).toBe(bias);
    expect(plan.mixers).toEqual([...new Set([name, fused])].sort());
    expect(plan.flags.fuses).toBe(name !== fused);
  });

  test.each([
    [dense(7), "NormedMixer", "LargeKernelMixer"],
    [dense(7, { branch: 3 }), "BranchMixer", "LargeKernelMixer"],
    [peripheral(13, { branch: false }), "NormedBiasMixer", "LargeKernelMixer"],
    [
      peripheral(13, { embedding: "masked", branch: false }),
      "NormedMaskedMixer",
      "FusedMaskedMixer",
    ],
    [stripes(9, { branch: false }), "StripesMixer", "FusedStripesMixer"],
  ])("in RepLKNet's block %j", (mixer, name, fused) => {
    const block = { type: "replknet", expansion: 4, ratio: 1 } as const;
    const plan = planNetwork(net({ block, depths: [1], widths: [8], mixers: [mixer] }));
    expect(plan.stages[0]?.mixer).toMatchObject({ mixer: { name, fused }, bias: false });
  });

  test.each([
    // The branch's first cell: of 13 = 2,2,1,1,1,1,1,2,2 the ones begin at cell 2.
    [peripheral(13), 5, [2, 2]],
    [peripheral(13, { branch: 3 }), 3, [3, 3]],
    [peripheral(51), 5, [4, 4]],
    [peripheral([13, 51]), 5, [2, 4]],
    [dense([9, 7], { branch: 3 }), 3, [3, 2]],
    [grid([3, 1, 1, 1, 1, 2], [1, 1, 1], { branch: 1 }), 1, [2, 1]],
    [stripes([13, 9]), 5, [4, 0]],
    // No cells of the grid, but taps of the dense kernel.
    [peripheral(13, { branch: 7 }), 7, [3, 3]],
  ])("merges the branch of %j at the right place", (mixer, side, corner) => {
    const plan = planNetwork(net({ depths: [1], widths: [8], mixers: [mixer] }));
    expect(plan.stages[0]?.mixer.branch).toEqual({ side, corner });
  });

  test("a branch beyond the centre makes the merged kernel dense", () => {
    const mixers = [peripheral(13), peripheral(13, { branch: 7 })];
    const plan = planNetwork(net({ depths: [1, 1], widths: [8, 8], mixers }));
    expect(plan.denseStages).toEqual([1]);
    expect(plan.kernels.map(({ module }) => module)).toEqual([
      "dense_13x13",
      "peripheral_13x13_c5",
    ]);
  });

  test("has a module for every class that it names", () => {
    for (const network of featureNetworks) {
      const plan = planNetwork(network);
      const declared = all(plan).map(({ mixer, template }) => mixer?.name ?? camel(template));
      const { mixers } = plan;
      expect(declared, network.name).toEqual(expect.arrayContaining([...mixers]));
      expect(new Set(declared).size).toBe(declared.length);
    }
  });

  test("refuses an empty map", () => {
    const network = net({ input: { channels: 3, size: 16 } });
    expect(() => planNetwork(network)).toThrow(expect.objectContaining({ code: "FOV0021" }));
  });
});

const camel = (name: string): string =>
  name.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());

test("imports stand as Ruff's I001 wants them", () => {
  const lines = importLines([
    { module: ".kernels", names: ["dense_13x5", "dense_5x13", "dense_5x5"] },
    { module: "torch", names: ["nn", "Tensor"] },
    { module: "torch" },
    { module: "warnings" },
    { module: "collections.abc", names: ["Iterable"] },
    { module: "collections.abc", names: ["Callable", "Iterable"] },
    { module: "copy" },
    { module: "__future__", names: ["annotations"] },
  ]);
  expect(lines).toEqual([
    "from __future__ import annotations",
    "",
    "import copy",
    "import warnings",
    "from collections.abc import Callable, Iterable",
    "",
    "import torch",
    "from torch import Tensor, nn",
    "",
    "from .kernels import dense_5x5, dense_5x13, dense_13x5",
  ]);
});
