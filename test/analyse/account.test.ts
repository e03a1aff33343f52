import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { account, type Card } from "../../src/analyse/account.js";
import { anyNetwork } from "../support/arbitrary.js";
import { net, pelk, peripheral, slak } from "../support/networks.js";

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
const PARTS = [
  (card: Card) => [card.params.dense, card.layers.map(({ params }) => params.dense)] as const,
  (card: Card) => [card.params.nonzero, card.layers.map(({ params }) => params.nonzero)] as const,
  (card: Card) => [card.macs.dense, card.layers.map(({ macs }) => macs.dense)] as const,
  (card: Card) => [card.params.merged, card.layers.map(({ params }) => params.merged)] as const,
  (card: Card) => [card.macs.nonzero, card.layers.map(({ macs }) => macs.nonzero)] as const,
];

describe("any network", () => {
  test("the sums over layers are the totals, all whole and none negative", () => {
    fc.assert(
      fc.property(anyNetwork, (network) => {
        const card = account(network);
        for (const part of PARTS) {
          const [total, layers] = part(card);
          expect(sum(layers)).toBe(total);
          expect([total, ...layers].every((n) => Number.isSafeInteger(n) && n >= 0)).toBe(true);
        }
        expect(new Set(card.layers.map(({ name }) => name)).size).toBe(card.layers.length);
      }),
    );
  });

  test("stages, stem and head make up the whole", () => {
    fc.assert(
      fc.property(anyNetwork, (network) => {
        const card = account(network);
        const parts = [card.stem, ...card.stages, card.head];
        for (const key of ["dense", "nonzero", "embedding", "merged"] as const) {
          expect(sum(parts.map(({ params }) => params[key]))).toBe(card.params[key]);
        }
        for (const key of ["dense", "nonzero"] as const) {
          expect(sum(parts.map(({ macs }) => macs[key]))).toBe(card.macs[key]);
        }
        card.stages.forEach(({ params, macs }, index) => {
          const own = card.layers.filter(({ name }) => name.startsWith(`stages.${index}.`));
          for (const key of ["dense", "nonzero", "merged"] as const) {
            expect(sum(own.map((layer) => layer.params[key]))).toBe(params[key]);
          }
          expect(sum(own.map((layer) => layer.macs.dense))).toBe(macs.dense);
        });
      }),
    );
  });

  test("of each layer, what fuse() leaves", () => {
    const product = (shape: readonly number[]) => shape.reduce((all, side) => all * side, 1);
    fc.assert(
      fc.property(anyNetwork, (network) => {
        const { layers, stages } = account(network);
        const shapes = new Map(layers.map((layer) => [layer.name, layer]));
        for (const { name, kind, params } of layers) {
          const stage = stages[Number(/^stages\.(\d+)\./.exec(name)?.[1])];
          // A convolution without bias takes up the norm behind it, which leaves it a bias.
          const before = shapes.get(name.replace(/norm$/, "conv"));
          const folded = kind === "norm" && before?.params.dense === product(before?.shape ?? []);
          if (kind === "embedding") {
            expect(params.merged).toBe(stage?.embedding === "masked" ? params.dense : 0);
          } else if (/mixer\.(small|small_norm|wide_norm)$/.test(name)) {
            expect(params.merged).toBe(0);
          } else if (/mixer\.(large_norm|tall_norm)$/.test(name) || folded) {
            expect(params.merged).toBe(params.dense / 2);
          } else if (name.includes(".mixer.")) {
            expect(params.merged).toBeGreaterThanOrEqual(params.dense);
          } else {
            expect(params.merged).toBe(params.dense);
          }
        }
      }),
    );
  });

  test("nonzero is at most dense, equal without sparsity; parameters do not depend on the image", () => {
    fc.assert(
      fc.property(anyNetwork, (network) => {
        const card = account(network);
        expect(card.params.nonzero).toBeLessThanOrEqual(card.params.dense);
        expect(card.macs.nonzero).toBeLessThanOrEqual(card.macs.dense);
        const plain = account({ ...network, sparsity: 0 });
        expect(plain.params.nonzero).toBe(plain.params.dense);
        expect(plain.macs).toEqual({ dense: card.macs.dense, nonzero: card.macs.dense });
        const larger = account(network, { size: 512 });
        expect(larger.params).toEqual(card.params);
        expect(larger.macs.dense).toBeGreaterThan(card.macs.dense);
      }),
    );
  });
});

describe("the card of PeLK-T", () => {
  const card = account(pelk("tiny", { dropPath: 0.1, description: "as published" }));

  test("names what it counts", () => {
    expect(Object.keys(card)).toEqual([
      "name",
      "description",
      "input",
      "sparsity",
      "params",
      "macs",
      "largeKernels",
      "embeddingCost",
      "receptiveField",
      "stem",
      "stages",
      "head",
      "layers",
      "published",
      "checks",
    ]);
    expect(card).toMatchObject({
      name: "test_net",
      description: "as published",
      input: { channels: 3, size: [224, 224] },
    });
    expect(JSON.parse(JSON.stringify(card))).toEqual(card);
  });

  test("lists its stages", () => {
    expect(card.stages[0]).toMatchObject({
      index: 0,
      depth: 3,
      channels: 124,
      convolved: 46,
      map: [56, 56],
      mixer: "peripheral",
      kernel: [51, 51],
      branch: 5,
      embedding: "bias",
    });
    expect(card.stages[0]?.grid).toEqual([
      {
        rows: [9, 8, 4, 2, 1, 1, 1, 1, 1, 2, 4, 8, 9],
        columns: [9, 8, 4, 2, 1, 1, 1, 1, 1, 2, 4, 8, 9],
      },
    ]);
    expect(card.stages.map(({ reach }) => reach[0])).toEqual([51, 49, 27, 13]);
    expect(card.stages.map(({ dropPath }) => dropPath[0])[0]).toBe(0);
    expect(card.stages[3]?.dropPath[1]).toBe(0.1);
    expect(card.stages[1]?.params.embedding).toBe(93 * 49 * 49);
  });

  test("names layers as the emitted module does", () => {
    const names = card.layers.map(({ name }) => name);
    expect(names.slice(0, 12)).toEqual([
      "stem.conv",
      "stem.norm",
      "stages.0.embedding",
      "stages.0.blocks.0.mixer.large",
      "stages.0.blocks.0.mixer.large_norm",
      "stages.0.blocks.0.mixer.small",
      "stages.0.blocks.0.mixer.small_norm",
      "stages.0.blocks.0.norm",
      "stages.0.blocks.0.expand",
      "stages.0.blocks.0.project",
      "stages.0.blocks.0.layer_scale",
      "stages.0.blocks.1.mixer.large",
    ]);
    expect(names).toContain("stages.1.downsample.conv");
    expect(names.slice(-2)).toEqual(["head.norm", "head.linear"]);
    const stripes = account(slak("tiny")).layers.map(({ name }) => name);
    expect(stripes.filter((name) => name.startsWith("stages.0.blocks.0.mixer."))).toEqual([
      "stages.0.blocks.0.mixer.tall",
      "stages.0.blocks.0.mixer.tall_norm",
      "stages.0.blocks.0.mixer.wide",
      "stages.0.blocks.0.mixer.wide_norm",
      "stages.0.blocks.0.mixer.small",
      "stages.0.blocks.0.mixer.small_norm",
    ]);
  });

  test("an image size stands in for the network's own", () => {
    const larger = account(pelk("tiny"), { size: [384, 640] });
    expect(larger.input.size).toEqual([384, 640]);
    expect(larger.stages[0]?.map).toEqual([96, 160]);
  });

  test("an image too small is refused", () => {
    expect(() => account(pelk("tiny"), { size: 31 })).toThrow(/empty feature map/);
  });
});

test("a thousand blocks are counted in no time", () => {
  const deep = net({ depths: [1000], widths: [64], mixers: [peripheral(51)] });
  expect(account(deep).layers).toHaveLength(2 + 1 + 8 * 1000 + 2);
});
