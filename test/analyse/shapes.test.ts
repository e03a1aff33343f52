import { describe, expect, test } from "vitest";
import { stageShapes } from "../../src/analyse/shapes.js";
import type { Network, SizeLike } from "../../src/ir/index.js";
import { dense, net, pelk, peripheral, sized } from "../support/networks.js";

const maps = (network: Network, size?: SizeLike) =>
  stageShapes(network, size).map(({ map }) => map);
const thrown = (make: () => unknown): unknown => {
  try {
    make();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("feature maps", () => {
  test.each<[SizeLike, number[]]>([
    [224, [56, 28, 14, 7]],
    [384, [96, 48, 24, 12]],
    [255, [63, 31, 15, 7]],
    [32, [8, 4, 2, 1]],
  ])("of an image of %i pixels", (size, sides) => {
    expect(maps(sized("tiny"), size)).toEqual(sides.map((side) => [side, side]));
  });

  test("keep height and width apart", () => {
    expect(maps(sized("tiny", { input: { channels: 3, size: [512, 2048] } }))).toEqual([
      [128, 512],
      [64, 256],
      [32, 128],
      [16, 64],
    ]);
  });

  test("follow the declared strides", () => {
    const network = net({
      stem: { type: "patchify", stride: 2 },
      downsample: { type: "patchify", stride: 3 },
    });
    expect(maps(network, 110)).toEqual([
      [55, 55],
      [18, 18],
      [6, 6],
      [2, 2],
    ]);
  });

  test("that would be empty name the stage and the least image", () => {
    expect(thrown(() => stageShapes(sized("tiny"), [31, 320]))).toMatchObject({
      code: "FOV0021",
      details: { value: "31×320", allowed: "at least 32 pixels a side" },
      message: expect.stringMatching(/31×320 pixels.* stage 3 /),
    });
    expect(() => stageShapes(sized("tiny"), 32)).not.toThrow();
  });
});

describe("channels", () => {
  // facts.md, sections 3 and 4.
  test.each([
    ["tiny", [124, 249, 499, 998], [46, 93, 187, 374]],
    ["small", [124, 249, 499, 998], [46, 93, 187, 374]],
    ["base", [166, 332, 665, 1331], [62, 124, 249, 499]],
  ] as const)("of PeLK %s and what its partial convolution takes", (size, channels, convolved) => {
    const stages = stageShapes(pelk(size));
    expect(stages.map((stage) => stage.channels)).toEqual(channels);
    expect(stages.map((stage) => stage.convolved)).toEqual(convolved);
  });

  test("a share that binary fractions miss by a hair is not rounded down", () => {
    const network = net({
      depths: [1],
      widths: [30],
      mixers: [dense(3, { partial: 0.7 })],
    });
    expect(0.7 * 30).toBeLessThan(21.0000001);
    expect(stageShapes(network)[0]?.convolved).toBe(21);
    const third = net({ depths: [1], widths: [100], mixers: [dense(3, { partial: 0.29 })] });
    expect(0.29 * 100).toBeLessThan(29);
    expect(stageShapes(third)[0]?.convolved).toBe(29);
  });

  test("a share that leaves none is refused", () => {
    const mixers = [peripheral(13, { partial: 0.05 })];
    const network = net({ depths: [1], widths: [19], mixers });
    expect(thrown(() => stageShapes(network))).toMatchObject({
      code: "FOV0013",
      details: { path: "mixers[0].partial", value: 0.05 },
    });
    expect(stageShapes({ ...network, widths: [20] })[0]?.convolved).toBe(1);
  });
});
