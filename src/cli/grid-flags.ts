/** The options that name a pair of grids, for commander: flags and help. */
export const GRID_FLAGS: readonly (readonly [flags: string, help: string])[] = [
  ["--kernel <K>", "kernel side in taps, or HxW; odd"],
  ["--centre <C>", "side of the centre that is not shared; odd"],
  ["--cells <list>", "cells of both axes, such as 8,4,2,1,2,4,8"],
  ["--rows <list>", "cells along the height, with --columns"],
  ["--columns <list>", "cells along the width, with --rows"],
  ["--dense", "a kernel without sharing"],
  [
    "--remainder <own|merge>",
    "taps that fill no power: a cell of their own (default), or the outermost full cell",
  ],
  ["--base <B>", "ratio of neighbouring cells outside the centre (default 2)"],
];
