/**
 * What the editor refuses. `@ts-expect-error` is itself an error where the line below it compiles;
 * test/types/types.test.ts and `npm run typecheck` both check this file.
 */
import { dense, grid, network, type PeripheralOptions, peripheral, stripes } from "fovea";

declare const side: number;
declare const sides: readonly [number, number];
declare const either: number | readonly [number, number];
declare const branch: number | false;

// Odd literals, rectangles and plain numbers compile.
peripheral({ kernel: 51, centre: 5 });
peripheral({ kernel: 5, centre: 5, branch: 5 });
peripheral({ kernel: [51, 21], centre: 21 });
peripheral({ kernel: 101, centre: 7, branch: false });
peripheral({ kernel: 1023, centre: 999 });
peripheral({ kernel: side, centre: 5 });
peripheral({ kernel: 51, centre: side, branch });
peripheral({ kernel: sides, centre: side });
peripheral({ kernel: [51, side], centre: 51 });
peripheral({ kernel: either, centre: 5 });
peripheral({ ...peripheral({ kernel: 51, centre: 5 }), kernel: 49 });
dense({ kernel: 7 });
dense({ kernel: [7, 1] });
stripes({ kernel: 51, width: 3 });
stripes({ kernel: [51, 49] });
grid({ cells: [2, 1, 2] });
grid({ rows: [1, 1, 1], columns: [1], branch: 1 });
const options: PeripheralOptions<51, number, number, 5, number> = { kernel: 51, centre: 5 };
peripheral(options);
for (const kernel of [51, 49, 47, 13]) peripheral({ kernel, centre: 5 });

// Even, negative and fractional kernels.
// @ts-expect-error
peripheral({ kernel: 50, centre: 5 });
// @ts-expect-error
peripheral({ kernel: 0, centre: 5 });
// @ts-expect-error
peripheral({ kernel: -51, centre: 5 });
// @ts-expect-error
peripheral({ kernel: 5.5, centre: 5 });
// @ts-expect-error
peripheral({ kernel: [50, 51], centre: 5 });
// @ts-expect-error
peripheral({ kernel: [51, 50], centre: 5 });
// @ts-expect-error
peripheral({ kernel: [51, 51, 51], centre: 5 });
// @ts-expect-error
peripheral({ kernel: "51", centre: 5 });
// @ts-expect-error
dense({ kernel: 8 });
// @ts-expect-error
dense({ kernel: [7, 2] });
// @ts-expect-error
stripes({ kernel: 50 });
// @ts-expect-error
stripes({ kernel: [51, 48] });
// @ts-expect-error
stripes({ kernel: 51, width: 4 });

// Centres: even, or wider than either side.
// @ts-expect-error
peripheral({ kernel: 51, centre: 4 });
// @ts-expect-error
peripheral({ kernel: 5, centre: 7 });
// @ts-expect-error
peripheral({ kernel: 51, centre: 53 });
// @ts-expect-error
peripheral({ kernel: 99, centre: 101 });
// @ts-expect-error
peripheral({ kernel: [51, 5], centre: 7 });
// @ts-expect-error
peripheral({ kernel: [5, 51], centre: 7 });

// Branches.
// @ts-expect-error
peripheral({ kernel: 51, centre: 5, branch: 4 });
// @ts-expect-error
dense({ kernel: 7, branch: 2 });
// @ts-expect-error
dense({ kernel: 7, branch: true });

// Options that there are not, or that are missing.
// @ts-expect-error
peripheral({ kernel: 51 });
// @ts-expect-error
peripheral({ kernal: 51, centre: 5 });
// @ts-expect-error
stripes({ kernel: 51, embedding: "bias" });
// @ts-expect-error
grid({ rows: [1] });
// @ts-expect-error
grid({ cells: [1], rows: [1], columns: [1] });
// @ts-expect-error
grid({ cells: [1], kernel: 1 });
// @ts-expect-error
network("a", peripheral({ kernel: 51, centre: 5 }));
