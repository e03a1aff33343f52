import { expect, test } from "vitest";
import {
  classifier,
  dense,
  network,
  pelk,
  peripheral,
  stem,
  validateNetwork,
} from "../../src/dsl/index.js";
import { contentHash } from "../../src/ir/hash.js";
import { Network } from "../../src/ir/network.js";

const small = () =>
  network("small_net", {
    input: { channels: 3, size: [64, 48] },
    stem: stem.patchify({ stride: 4 }),
    depths: [1, 2],
    widths: [16, 32],
    mixers: [peripheral({ kernel: 11, centre: 5 }), dense({ kernel: 7 })],
    head: classifier(10),
  });

test("what is left out is completed", () => {
  expect(small()).toEqual({
    kind: "network",
    name: "small_net",
    description: null,
    input: { channels: 3, size: [64, 48] },
    stem: { type: "patchify", stride: 4 },
    downsample: { type: "patchify", stride: 2 },
    block: { type: "convnext", expansion: 4, layerScale: 1e-6 },
    depths: [1, 2],
    widths: [16, 32],
    widen: 1,
    initStd: 0.02,
    mixers: [
      {
        type: "peripheral",
        kernel: 11,
        centre: 5,
        base: 2,
        remainder: "own",
        partial: 3 / 8,
        embedding: "bias",
        branch: 5,
      },
      { type: "dense", kernel: 7, partial: 1, embedding: false, branch: false },
    ],
    dropPath: 0,
    sparsity: 0,
    head: { type: "classifier", classes: 10, norm: "layer" },
  });
});

test("it is what the schema takes, and what JSON brings back", () => {
  const declared = small();
  expect(Network.parse(declared)).toEqual(declared);
  expect(validateNetwork(JSON.parse(JSON.stringify(declared)))).toEqual(declared);
  expect(contentHash(JSON.parse(JSON.stringify(declared)))).toBe(contentHash(declared));
});

test("a description comes back exactly", () => {
  const text = `it's "quoted" \\ {{x}} \n\t\u0000 🧠 \u2028 '''`;
  expect(pelk("tiny", { description: text }).description).toBe(text);
  expect(pelk("tiny", { description: null }).description).toBeNull();
});

test("nobody can change a declared network, and its options stay the caller's", () => {
  const widths = [16, 32, 64, 128];
  const declared = pelk("tiny", { widths });
  expect(() => declared.widths.push(1)).toThrow(TypeError);
  expect(() => Object.assign(declared.mixers[0] ?? {}, { kernel: 3 })).toThrow(TypeError);
  widths.push(256);
  expect(declared.widths).toEqual([16, 32, 64, 128]);
});

test("a network's entries can be spread into a variant", () => {
  const wide = network("wide_net", { ...small(), widen: 2 });
  expect(wide).toEqual({ ...small(), name: "wide_net", widen: 2 });
  const mixer = peripheral({ kernel: 13, centre: 3 });
  expect(peripheral({ ...mixer, kernel: 15 })).toEqual({ ...mixer, kernel: 15 });
});

test("undefined stands for left out", () => {
  expect(pelk("tiny", { widen: undefined, description: undefined })).toEqual(pelk("tiny"));
});

test("part of a block is completed", () => {
  expect(pelk("tiny", { block: { layerScale: false } }).block).toEqual({
    type: "convnext",
    expansion: 4,
    layerScale: false,
  });
});
