import { describe, expect, test } from "vitest";
import { account } from "../../src/analyse/account.js";
import type { Mixer, Network } from "../../src/ir/index.js";
import { dense, grid, net, pelk, peripheral, stripes } from "../support/networks.js";

const of = (network: Network, size?: number) =>
  account(network, size === undefined ? {} : { size }).checks;
const one = (mixer: Mixer, overrides: Partial<Network> = {}): Network =>
  net({ depths: [1], widths: [64], mixers: [mixer], ...overrides });
const ids = (network: Network, size?: number) => of(network, size).map(({ id }) => id);

describe("warnings", () => {
  test("a branch wider than the unshared centre", () => {
    const [check] = of(one(peripheral(51, { branch: 7 })));
    expect(check).toMatchObject({
      level: "warning",
      id: "branch-breaks-sharing",
      path: "mixers[0].branch",
      message: expect.stringContaining("dense 51×51"),
    });
    expect(ids(one(peripheral(51, { branch: 5 })))).toEqual([]);
    expect(ids(one(peripheral(51, { centre: 7, branch: 7 })))).toEqual([]);
    expect(ids(one(stripes(51)))).toEqual([]);
    expect(ids(one(stripes(51, { branch: 7 })))).toEqual(["branch-breaks-sharing"]);
    expect(ids(one(dense(31, { branch: 7 })))).toEqual([]);
    expect(ids(one(grid([2, 1, 2], [1, 1, 1], { branch: 3 })))).toEqual(["branch-breaks-sharing"]);
  });

  test("a masked embedding that the norm cancels", () => {
    const kernel = dense(1, { embedding: "masked", branch: 1 });
    expect(of(one(kernel))[0]).toMatchObject({
      level: "warning",
      id: "embedding-without-effect",
      path: "mixers[0].embedding",
    });
    expect(ids(one(dense(3, { embedding: "masked", branch: 1 })))).toEqual([]);
    expect(ids(one(dense(1, { embedding: "masked" })))).toEqual([]);
  });

  test("a masked embedding on a map without a border to tell apart", () => {
    const tiny = (mixer: Mixer, overrides: Partial<Network> = {}) =>
      ids(one(mixer, { input: { channels: 3, size: 4 }, ...overrides }));
    expect(tiny(dense(7, { embedding: "masked", branch: 5 }))).toContain(
      "embedding-without-effect",
    );
    expect(tiny(dense(7, { embedding: "masked" }))).not.toContain("embedding-without-effect");
    expect(tiny(dense(7, { embedding: "bias", branch: 5 }))).not.toContain(
      "embedding-without-effect",
    );
    const row = { input: { channels: 3, size: [4, 64] as [number, number] } };
    expect(tiny(dense([7, 1], { embedding: "masked", branch: 1 }), row)).toContain(
      "embedding-without-effect",
    );
    expect(tiny(dense([1, 7], { embedding: "masked", branch: 1 }), row)).not.toContain(
      "embedding-without-effect",
    );
  });

  test("a branch as large as its kernel", () => {
    expect(of(one(dense(5, { branch: 5 })))).toMatchObject([
      { level: "warning", id: "branch-fills-kernel", path: "mixers[0].branch" },
    ]);
    expect(ids(one(peripheral(5)))).toEqual(["branch-fills-kernel", "nothing-shared"]);
    expect(ids(one(dense(7, { branch: 5 })))).toEqual([]);
    expect(ids(one(dense([5, 7], { branch: 5 })))).toEqual([]);
  });

  test("stripes no longer than wide", () => {
    expect(of(one(stripes(5)))).toMatchObject([
      { level: "warning", id: "stripes-not-oblong", path: "mixers[0].width" },
    ]);
    expect(ids(one(stripes([5, 7])))).toEqual([]);
  });

  test("a mixer in RepLKNet's block has norms without a branch", () => {
    const block = { type: "replknet", expansion: 4, ratio: 1 } as const;
    const kernel = dense(1, { embedding: "masked" });
    expect(ids(one(kernel, { block }))).toEqual(["embedding-without-effect"]);
    expect(ids(one(kernel))).toEqual([]);
  });

  test("one channel under a LayerNorm", () => {
    const widths = [1];
    expect(of(one(dense(7), { widths }))).toMatchObject([
      { level: "warning", id: "norm-of-one-channel", path: "widths[0]" },
      { id: "widths-not-of-eight" },
    ]);
    expect(ids(one(dense(7), { widths: [2] }))).toEqual(["widths-not-of-eight"]);
    const block = { type: "replknet", expansion: 4, ratio: 1 } as const;
    expect(ids(one(dense(7), { widths, block }))).toEqual(["widths-not-of-eight"]);
  });

  test("a sparsity below one weight", () => {
    expect(of(one(dense(7), { sparsity: 1e-9 }))).toMatchObject([
      { level: "warning", id: "sparsity-without-effect", path: "sparsity" },
    ]);
    expect(ids(one(dense(7), { sparsity: 1e-3 }))).toEqual(["sparsity-only-counted"]);
  });

  test("drop path of a single block", () => {
    expect(of(one(dense(7), { dropPath: 0.2 }))).toMatchObject([
      { level: "warning", id: "drop-path-without-effect", path: "dropPath" },
    ]);
    expect(ids(one(dense(7), { dropPath: 0.2, depths: [2] }))).toEqual([]);
    expect(ids(one(dense(7)))).toEqual([]);
  });

  test("one class", () => {
    const head = (classes: number): Partial<Network> => ({
      head: { type: "classifier", classes, norm: "layer" },
    });
    expect(of(one(dense(7), head(1)))).toMatchObject([
      { level: "warning", id: "one-class", path: "head.classes" },
    ]);
    expect(ids(one(dense(7), head(2)))).toEqual([]);
  });

  test("come before notes", () => {
    const network = pelk("tiny", {
      sparsity: 0.4,
      mixers: [51, 49, 47, 13].map((kernel) => peripheral(kernel, { branch: 7 })),
    });
    const levels = of(network).map(({ level }) => level);
    expect(levels.toSorted().toReversed()).toEqual(levels);
    expect(levels.filter((level) => level === "warning")).toHaveLength(4);
  });
});

describe("notes", () => {
  test("an outermost cell of one tap", () => {
    const thin = peripheral(69, { centre: 7 });
    expect(of(one(thin))[0]).toMatchObject({
      level: "note",
      id: "thin-outer-cell",
      path: "mixers[0]",
      message: expect.stringContaining('remainder: "merge"'),
    });
    expect(ids(one(peripheral(69, { centre: 7, remainder: "merge" })))).toEqual([]);
    expect(of(one(grid([1, 3, 1], [1, 1, 1])))[0]?.message).not.toContain("merge");
  });

  test("a centre that covers the kernel", () => {
    expect(of(one(peripheral(5, { branch: false })))[0]).toMatchObject({
      level: "note",
      id: "nothing-shared",
      path: "mixers[0].centre",
    });
    expect(ids(one(peripheral([51, 5])))).toEqual([]);
    expect(ids(one(dense(5)))).toEqual([]);
  });

  test("a kernel that reaches beyond the map", () => {
    // A map of 14 sees offsets up to ±13.
    expect(of(one(dense(29)), 56)[0]).toMatchObject({
      level: "note",
      id: "kernel-beyond-map",
      message: expect.stringMatching(/14×14.*27×27.*29×29 kernel/),
    });
    expect(ids(one(dense(27)), 56)).toEqual([]);
    expect(ids(pelk("tiny")).filter((id) => id === "kernel-beyond-map")).toHaveLength(1);
  });

  test("weights that only ever see padding are counted", () => {
    const message = (mixer: Mixer, size: number) =>
      of(one(mixer), size).find(({ id }) => id === "kernel-beyond-map")?.message;
    // 47 = 7,8,4,2,1,1,1: on a map of 14 the outermost cell lies outside, 11² of 13² are left.
    expect(message(peripheral(47), 56)).toMatch(/48 of its 169 weights/);
    expect(message(dense(29), 56)).toMatch(/112 of its 841 weights/);
    // 61 = 14,8,4,2,1,1,1: a map of 30 sees 29 taps outwards, one less than there are.
    expect(message(peripheral(61), 120)).not.toMatch(/weights/);
  });

  test("a base or a remainder that changes no cell", () => {
    const base = (kernel: number, value: number, more = {}) =>
      ids(one(peripheral(kernel, { base: value, branch: false, ...more })));
    expect(base(13, 5)).toEqual(["base-without-effect"]);
    expect(base(13, 4)).toEqual([]);
    expect(base(13, 3)).toEqual(["thin-outer-cell"]);
    expect(base(13, 2, { remainder: "merge" })).toEqual([]);
    expect(base(17, 2, { remainder: "merge" })).toEqual(["remainder-without-effect"]);
    expect(base(17, 2)).toEqual([]);
    expect(base(5, 9)).toEqual(["nothing-shared"]);
  });

  test("a masked embedding beyond the map", () => {
    const masked = { embedding: "masked" as const };
    expect(ids(one(dense(29, masked)), 56)).toEqual(["kernel-beyond-map", "embedding-beyond-map"]);
    expect(ids(one(dense(29, { embedding: "bias" })), 56)).toEqual(["kernel-beyond-map"]);
    expect(ids(one(dense(27, masked)), 56)).toEqual([]);
  });

  test("a BatchNorm on a map of one pixel", () => {
    const small = { input: { channels: 3, size: 4 } };
    expect(ids(one(dense(1), small))).toEqual([]);
    expect(ids(one(stripes([1, 3], { width: 1, branch: false }), small))).toEqual([
      "kernel-beyond-map",
      "norm-of-one-pixel",
    ]);
    expect(ids(one(stripes([1, 3], { width: 1, branch: false })))).toEqual([]);
  });

  test("declared sparsity", () => {
    expect(of(one(dense(7), { sparsity: 0.4 }))).toMatchObject([
      { level: "note", id: "sparsity-only-counted", path: "sparsity" },
    ]);
  });

  test("pixels that no patch takes", () => {
    expect(of(one(dense(7)), 225)).toMatchObject([
      { level: "note", id: "pixels-dropped", path: "input.size" },
    ]);
    const two = net({ depths: [1, 1], widths: [64, 64], mixers: [dense(3), dense(3)] });
    expect(of(two, 228)).toMatchObject([
      {
        id: "pixels-dropped",
        path: "downsample.stride",
        message: expect.stringContaining("57×57"),
      },
    ]);
  });

  test("widths off the multiples of eight", () => {
    expect(of(net({ widths: [96, 190, 384, 768] }))).toMatchObject([
      { level: "note", id: "widths-not-of-eight", message: expect.stringContaining("190") },
    ]);
    expect(ids(net())).toEqual([]);
  });
});
