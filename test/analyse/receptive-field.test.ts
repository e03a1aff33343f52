import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { account } from "../../src/analyse/account.js";
import { shippedNetworks } from "../../src/dsl/zoo/shipped.js";
import type { Network } from "../../src/ir/index.js";
import { anyNetwork } from "../support/arbitrary.js";
import { dense, net, pelk, peripheral, slak, stripes } from "../support/networks.js";

const fields = (network: Network, size?: number) =>
  account(network, size === undefined ? {} : { size }).stages.map((stage) => stage.receptiveField);

describe("by kernels and strides", () => {
  test("of PeLK-T, stage by stage", () => {
    // Stem 4; 3 × 50 taps at stride 4; a patch of 2 adds the stride; 3 × 48 at 8; 9 × 46 at 16; …
    const first = 4 + 3 * 50 * 4;
    const second = first + 4 + 3 * 48 * 8;
    const third = second + 8 + 9 * 46 * 16;
    const last = third + 16 + 3 * 12 * 32;
    expect(fields(pelk("tiny")).map(({ size }) => size)).toEqual(
      [first, second, third, last].map((side) => [side, side]),
    );
    expect(fields(pelk("tiny")).map(({ stride }) => stride)).toEqual([4, 8, 16, 32]);
    expect(account(pelk("tiny")).receptiveField).toEqual(fields(pelk("tiny"))[3]);
  });

  test("of ConvNeXt-T: the published recursion", () => {
    // jump 4, 8, 16, 32 and kernels of 7: 4 + 3·6·4 = 76, 76 + 4 + 3·6·8 = 224, …
    expect(fields(net()).map(({ size }) => size[0])).toEqual([76, 224, 1096, 1688]);
  });

  test("height and width apart; of parallel kernels the largest", () => {
    const one = (mixer: Network["mixers"][number]) =>
      fields(net({ depths: [1], widths: [8], mixers: [mixer] }))[0]?.size;
    expect(one(dense([31, 5]))).toEqual([4 + 30 * 4, 4 + 4 * 4]);
    expect(one(dense([31, 1], { branch: 5 }))).toEqual([124, 20]);
    expect(one(stripes([51, 31]))).toEqual([4 + 50 * 4, 4 + 30 * 4]);
    expect(one(stripes(3, { width: 5, branch: false }))).toEqual([20, 20]);
    expect(fields(slak("tiny")).map(({ size }) => size)).toEqual(
      fields(pelk("tiny")).map(({ size }) => size),
    );
  });
});

test("RepLKNet-31B's own stem and transitions", () => {
  const make = shippedNetworks["replknet_31b"];
  if (make === undefined) throw new Error("it is not shipped");
  // 3 at stride 1, 3 at 2, 3 at 2 make 11; then 2 × 30 at 4, 3 at 4, 2 × 28 at 8, …
  const first = 11 + 2 * 30 * 4;
  const second = first + 2 * 4 + 2 * 28 * 8;
  const third = second + 2 * 8 + 18 * 26 * 16;
  const last = third + 2 * 16 + 2 * 12 * 32;
  expect(fields(make()).map(({ size }) => size[0])).toEqual([first, second, third, last]);
  expect(fields(make()).map(({ stride }) => stride)).toEqual([4, 8, 16, 32]);
});

describe("within the image", () => {
  test("a kernel that reaches over half the map from every unit", () => {
    const block = (kernel: number) =>
      fields(net({ depths: [1], widths: [8], mixers: [dense(kernel)] }), 32)[0];
    // A map of 8 with the middle unit 3: pixels 12 to 15, and four a unit to both sides.
    expect(block(1)).toMatchObject({ within: [4, 4], spans: "none" });
    expect(block(5)).toMatchObject({ within: [20, 20], spans: "none" });
    expect(block(7)).toMatchObject({ within: [28, 28], spans: "none" });
    expect(block(9)).toMatchObject({ within: [32, 32], spans: "middle" });
    expect(block(13)).toMatchObject({ within: [32, 32], spans: "middle" });
    expect(block(15)).toMatchObject({ within: [32, 32], spans: "every" });
  });

  test("pixels that no patch takes are missed by no unit", () => {
    const network = net({ depths: [1], widths: [8], mixers: [dense(15)] });
    expect(fields(network, 35)[0]).toMatchObject({ within: [32, 32], spans: "every" });
  });

  test("an oblong image, an oblong kernel", () => {
    const network = net({ depths: [1], widths: [8], mixers: [peripheral([3, 31])] });
    const [field] = account(network, { size: [64, 32] }).stages;
    expect(field?.receptiveField).toMatchObject({ within: [20, 32], spans: "none" });
  });
});

/** Pixels that each unit depends on, one bit a pixel: the definition, a layer at a time. */
function dependencies(network: Network, image: number, axis: 0 | 1): bigint[][] {
  let units = Array.from({ length: image }, (_, pixel) => 1n << BigInt(pixel));
  const at = (index: number): bigint => units[index] ?? 0n;
  const reduce = (kernel: number, stride: number, padding: number): void => {
    const count = Math.floor((units.length + 2 * padding - kernel) / stride) + 1;
    units = Array.from({ length: count }, (_, unit) =>
      Array.from({ length: kernel }, (_, tap) => at(unit * stride + tap - padding)).reduce(
        (a, b) => a | b,
      ),
    );
  };
  return network.mixers.map((mixer, stage) => {
    const reduction = stage === 0 ? network.stem : network.downsample;
    if (reduction.type === "patchify") reduce(reduction.stride, reduction.stride, 0);
    else reduce(3, 2, 1);
    if (reduction.type === "convolutional") {
      reduce(3, 1, 1);
      reduce(3, 2, 1);
    }
    const sum = (cells: readonly number[]) => cells.reduce((total, cell) => total + cell, 0);
    const sides = mixer.type === "grid" ? [sum(mixer.rows), sum(mixer.columns)] : [mixer.kernel];
    const own = sides.flat()[mixer.type === "grid" || Array.isArray(sides[0]) ? axis : 0] ?? 0;
    const short = mixer.type === "stripes" ? mixer.width : 1;
    const radius = (Math.max(own, short, mixer.branch === false ? 1 : mixer.branch) - 1) / 2;
    for (let block = 0; block < (network.depths[stage] ?? 0); block += 1) {
      units = units.map((_, unit) => {
        let seen = 0n;
        for (let tap = unit - radius; tap <= unit + radius; tap += 1) seen |= at(tap);
        return seen;
      });
    }
    return units;
  });
}

test("any network: the units' fields, pixel by pixel", () => {
  const count = (bits: bigint): number => bits.toString(2).replaceAll("0", "").length;
  fc.assert(
    fc.property(anyNetwork, fc.integer({ min: 64, max: 130 }), (network, size) => {
      const own = account(network, { size });
      const axes = ([0, 1] as const).map((axis) => dependencies(network, size, axis));
      own.stages.forEach(({ receptiveField }, stage) => {
        const units = axes.map((each) => each[stage] ?? []);
        const whole = units.map((each) => each.reduce((a, b) => a | b, 0n));
        const middle = units.map((each) => each[Math.floor((each.length - 1) / 2)] ?? 0n);
        expect(receptiveField.within).toEqual(middle.map(count));
        const every = units.every((each, axis) => each.every((bits) => bits === whole[axis]));
        const spans = middle.every((bits, axis) => bits === whole[axis]) ? "middle" : "none";
        expect(receptiveField.spans).toBe(every ? "every" : spans);
      });
    }),
    { numRuns: 25 },
  );
});
