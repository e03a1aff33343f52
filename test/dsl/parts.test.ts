import { expect, test } from "vitest";
import { block, classifier, dense, downsample, network, stem } from "../../src/dsl/index.js";

const frame = {
  input: { channels: 3, size: 33 },
  stem: stem.convolutional(),
  downsample: downsample.transition(),
  depths: [1, 2],
  widths: [8, 16],
  mixers: [dense({ kernel: 5 }), dense({ kernel: 3 })],
} as const;

test("RepLKNet's parts are parts like any other", () => {
  const net = network("a", {
    ...frame,
    block: block.replknet({ ratio: 1.5 }),
    head: classifier(10, { norm: "batch" }),
  });
  expect(net).toMatchObject({
    stem: { type: "convolutional" },
    downsample: { type: "transition" },
    block: { type: "replknet", expansion: 4, ratio: 1.5 },
    head: { type: "classifier", classes: 10, norm: "batch" },
  });
});

test("each part stands beside every other", () => {
  const net = network("a", { ...frame, stem: stem.patchify({ stride: 2 }), head: classifier(10) });
  expect(net.block).toEqual(block.convnext());
  expect(net.head.norm).toBe("layer");
});

const declare = (overrides: object) => () =>
  network("a", { ...frame, head: classifier(2), ...overrides } as never);

test.each([
  [{ stem: { type: "conv" } }, "FOV0001", "stem"],
  [{ stem: { type: "convolutional", stride: 2 } }, "FOV0002", "stem.stride"],
  [{ stem: { type: "transition" } }, "FOV0001", "stem"],
  [{ downsample: { type: "convolutional" } }, "FOV0001", "downsample"],
  [{ block: { type: "replknet", layerScale: 1 } }, "FOV0002", "block.layerScale"],
  [{ block: { type: "replknet", ratio: 0 } }, "FOV0001", "block.ratio"],
  [{ block: { type: "replknet", ratio: 0.1 } }, "FOV0001", "block.ratio"],
  [{ block: { type: "swin" } }, "FOV0001", "block"],
  [{ block: { ratio: 1 } }, "FOV0002", "block.ratio"],
  [{ block: 4 }, "FOV0001", "block"],
  [{ widths: [2000, 2000], block: { type: "replknet", ratio: 64 } }, "FOV0022", "block.ratio"],
  [{ head: { type: "classifier", classes: 2, norm: "group" } }, "FOV0001", "head.norm"],
])("%j is answered with its place", (overrides, code, path) => {
  expect(declare(overrides)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ code, path }) }),
  );
});

test("options of the parts", () => {
  expect(() => block.convnext({ expansion: 0 })).toThrow(/expansion/);
  expect(() => block.replknet({ layerScale: 1 } as never)).toThrow(/no option layerScale/);
  expect(() => classifier(2, { norm: "none" as never })).toThrow(/norm/);
  expect(() => classifier(2, 3 as never)).toThrow(/object of options/);
  expect(() => downsample.patchify({ stride: 0 })).toThrow(/stride/);
});
