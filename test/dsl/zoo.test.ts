import { expect, test } from "vitest";
import {
  block,
  convnext,
  dense,
  figure6,
  pelk,
  pelk101,
  replknet,
  slak,
} from "../../src/dsl/index.js";
import { shippedExperiments, shippedNetworks } from "../../src/dsl/zoo/shipped.js";

// PeLK, section 4.1, and facts.md, section 4.
test.each([
  ["tiny", [3, 3, 9, 3], [96, 192, 384, 768], 0.1],
  ["small", [3, 3, 27, 3], [96, 192, 384, 768], 0.4],
  ["base", [3, 3, 27, 3], [128, 256, 512, 1024], 0.5],
] as const)("pelk(%o) is the paper's", (size, depths, widths, dropPath) => {
  const net = pelk(size);
  expect(net).toMatchObject({ name: `pelk_${size}`, depths, widths, dropPath });
  expect(net).toMatchObject({
    widen: 1.3,
    sparsity: 0.4,
    stem: { stride: 4 },
    head: { classes: 1000 },
  });
  expect(net.mixers.map((mixer) => mixer.type === "peripheral" && mixer.kernel)).toEqual([
    51, 49, 47, 13,
  ]);
  for (const mixer of net.mixers) {
    expect(mixer).toMatchObject({ centre: 5, partial: 3 / 8, embedding: "bias", branch: 5 });
  }
});

test.each(["tiny", "base"] as const)("pelk101(%o) is the paper's", (size) => {
  const net = pelk101(size);
  expect({ ...net, name: "", mixers: [] }).toEqual({ ...pelk(size), name: "", mixers: [] });
  expect(net.mixers.map((mixer) => mixer.type === "peripheral" && mixer.kernel)).toEqual([
    101, 69, 67, 13,
  ]);
  for (const mixer of net.mixers) expect(mixer).toMatchObject({ centre: 7, branch: 5 });
});

// SLaK, section 4, and facts.md, section 5.
test("slak is PeLK's frame with stripes", () => {
  const net = slak("small");
  expect({ ...net, name: "", mixers: [] }).toEqual({ ...pelk("small"), name: "", mixers: [] });
  expect(net.mixers.map((mixer) => mixer.type === "stripes" && mixer.kernel)).toEqual([
    51, 49, 47, 13,
  ]);
  for (const mixer of net.mixers) {
    expect(mixer).toMatchObject({ width: 5, branch: 5, partial: 1, embedding: false });
  }
});

test("convnext has 7×7 kernels of all channels, without widening", () => {
  expect(convnext("base")).toMatchObject({ widths: [128, 256, 512, 1024], widen: 1, sparsity: 0 });
  for (const mixer of convnext("base").mixers) expect(mixer).toEqual(dense({ kernel: 7 }));
});

// RepLKNet, table 5, and facts.md, section 6.
test.each([
  ["31b", [128, 256, 512, 1024], [31, 29, 27, 13], 5, 1],
  ["31l", [192, 384, 768, 1536], [31, 29, 27, 13], 5, 1],
  ["xl", [256, 512, 1024, 2048], [27, 27, 27, 13], false, 1.5],
] as const)("replknet(%o) is the paper's", (size, widths, kernels, branch, ratio) => {
  expect(replknet(size)).toMatchObject({
    name: `replknet_${size}`,
    depths: [2, 2, 18, 2],
    widths,
    stem: { type: "convolutional" },
    downsample: { type: "transition" },
    block: { type: "replknet", expansion: 4, ratio },
    mixers: kernels.map((kernel) => ({ type: "dense", kernel, branch, partial: 1 })),
    head: { classes: 1000, norm: "batch" },
  });
});

test("a part of a block is completed by the preset's", () => {
  expect(replknet("xl", { block: block.replknet({ expansion: 2 }) }).block).toEqual({
    type: "replknet",
    expansion: 2,
    ratio: 1,
  });
  const part = { expansion: 2 } as never;
  expect(replknet("xl", { block: part }).block).toMatchObject({ expansion: 2, ratio: 1.5 });
  expect(replknet("31b", { block: block.convnext() }).block).toEqual(block.convnext());
});

test.each([
  () => slak("huge" as never),
  () => replknet("31B" as never),
  () => pelk101("small" as never),
  () => convnext("tiny", { colour: 1 } as never),
  () => slak("tiny", { widths: [8, 16] as never }),
  () => replknet("31b", { block: { layerScale: 1 } as never }),
])("%s is refused", (call) => {
  expect(call).toThrow(expect.objectContaining({ name: "FoveaError" }));
});

test.each(["dense", "stripes", "peripheral"] as const)(
  "figure6(%o, 3) blames the kernel",
  (form) => {
    expect(() => figure6(form, 3)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ path: "kernel", value: 3 }) }),
    );
  },
);

test("overrides replace what they name and nothing else", () => {
  const widths = [8, 16, 24, 32] as const;
  expect(pelk("tiny", { name: "thin", widths })).toEqual({ ...pelk("tiny"), name: "thin", widths });
});

test("all three lists together may have another length", () => {
  const net = pelk("base", { depths: [1], widths: [8], mixers: [dense({ kernel: 3 })] });
  expect(net).toMatchObject({ depths: [1], widths: [8], mixers: [{ type: "dense" }] });
});

test("what is shipped goes by its own name", () => {
  for (const [name, make] of Object.entries(shippedNetworks)) expect(make().name).toBe(name);
  for (const [name, make] of Object.entries(shippedExperiments)) expect(make().name).toBe(name);
});
