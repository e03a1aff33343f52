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
    expect(of(one(peripheral(5)))[0]).toMatchObject({
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
