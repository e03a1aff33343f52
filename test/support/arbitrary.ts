import fc from "fast-check";
import type { Mixer, Network } from "../../src/ir/index.js";
import { dense, grid, net, peripheral, stripes } from "./networks.js";

const odd = (most: number) => fc.integer({ min: 0, max: (most - 1) / 2 }).map((n) => 2 * n + 1);
const side = odd(61);
const kernel = fc.oneof(side, fc.tuple(side, side));
const partial = fc.constantFrom(1 / 8, 3 / 8, 0.5, 1);
const branch = fc.oneof(fc.constant(false as const), odd(7));
const embedding = fc.constantFrom("bias" as const, "masked" as const, false as const);
const cells = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 })
  .filter((list) => list.reduce((sum, cell) => sum + cell, 0) % 2 === 1);

const common = fc.record({ partial, branch, embedding });

const mixer: fc.Arbitrary<Mixer> = fc.oneof(
  fc
    .tuple(
      kernel,
      odd(9),
      fc.integer({ min: 2, max: 5 }),
      fc.constantFrom("own" as const, "merge" as const),
      common,
    )
    .map(([k, centre, base, remainder, rest]) =>
      peripheral(k, { centre, base, remainder, ...rest }),
    ),
  fc.tuple(kernel, common).map(([k, rest]) => dense(k, rest)),
  fc.tuple(cells, cells, common).map(([rows, columns, rest]) => grid(rows, columns, rest)),
  fc
    .tuple(kernel, odd(7), partial, branch)
    .map(([k, width, share, small]) => stripes(k, { width, partial: share, branch: small })),
);

const expansion = fc.integer({ min: 1, max: 5 });
const stage = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 16, max: 90 }), mixer);

/** Networks of one to four stages, of every kind of mixer; each map has a pixel. */
export const anyNetwork: fc.Arbitrary<Network> = fc
  .record({
    stages: fc.array(stage, { minLength: 1, maxLength: 4 }),
    channels: fc.integer({ min: 1, max: 4 }),
    size: fc.oneof(
      fc.integer({ min: 64, max: 300 }),
      fc.tuple(fc.integer({ min: 64, max: 300 }), fc.integer({ min: 64, max: 300 })),
    ),
    stem: fc.oneof(
      fc.integer({ min: 1, max: 8 }).map((stride) => ({ type: "patchify" as const, stride })),
      fc.constant({ type: "convolutional" as const }),
    ),
    downsample: fc.constantFrom(
      { type: "patchify" as const, stride: 2 },
      { type: "transition" as const },
    ),
    block: fc.oneof(
      fc.record({
        type: fc.constant("convnext" as const),
        expansion,
        layerScale: fc.constantFrom(1e-6, false as const),
      }),
      fc.record({
        type: fc.constant("replknet" as const),
        expansion,
        ratio: fc.constantFrom(0.5, 1, 1.5),
      }),
    ),
    norm: fc.constantFrom("layer" as const, "batch" as const),
    widen: fc.constantFrom(1, 1.3, 2),
    sparsity: fc.constantFrom(0, 0.4, 0.9),
    classes: fc.integer({ min: 1, max: 50 }),
  })
  .map(({ stages, channels, size, norm, classes, ...rest }) =>
    net({
      ...rest,
      input: { channels, size },
      depths: stages.map(([depth]) => depth),
      widths: stages.map(([, width]) => width),
      mixers: stages.map(([, , each]) => each),
      head: { type: "classifier", classes, norm },
    }),
  );
