import { toSize } from "../ir/index.js";
import type { Finding } from "./check.js";
import { exactSidesAround } from "./exact-fill.js";
import { isShared, peripheralCells } from "./grid.js";
import { branchMerges } from "./merged.js";
import { reach, stageReach } from "./reach.js";
import type { StageShape } from "./shapes.js";

type StageCheck = (stage: StageShape) => Finding | undefined;

const mixerPath = ({ index }: StageShape, leaf?: string): string =>
  leaf === undefined ? `mixers[${index}]` : `mixers[${index}].${leaf}`;

const branchBreaksSharing: StageCheck = (stage) => {
  if (branchMerges(stage)) return undefined;
  const [height, width] = stage.kernel;
  const { branch } = stage.mixer;
  return {
    level: "warning",
    id: "branch-breaks-sharing",
    path: mixerPath(stage, "branch"),
    message: `the ${branch}×${branch} branch is wider than the unshared centre: fuse() makes this kernel a dense ${height}×${width}`,
  };
};

const branchFillsKernel: StageCheck = (stage) => {
  const { branch, type } = stage.mixer;
  if (branch === false || type === "stripes" || Math.max(...stage.kernel) > branch)
    return undefined;
  return {
    level: "warning",
    id: "branch-fills-kernel",
    path: mixerPath(stage, "branch"),
    message: `the ${branch}×${branch} branch is as large as the ${stage.kernel.join("×")} kernel beside it: the two merge into one dense kernel of that size`,
  };
};

const equalStripes: StageCheck = (stage) => {
  const { mixer, kernel } = stage;
  if (mixer.type !== "stripes" || Math.max(...kernel) > mixer.width) return undefined;
  return {
    level: "warning",
    id: "stripes-not-oblong",
    path: mixerPath(stage, "width"),
    message: `stripes ${mixer.width} wide and no longer than that are two equal square kernels`,
  };
};

/**
 * The masked embedding is added before the norms. It varies over the map only along an axis where
 * the kernel can leave the image, and the map has more than one position to tell apart.
 */
const embeddingWithoutEffect: StageCheck = (stage) => {
  const { kernel, map, mixer } = stage;
  if (mixer.embedding !== "masked" || !stage.normed) return undefined;
  const constant = ([0, 1] as const).every((axis) => kernel[axis] === 1 || map[axis] === 1);
  if (!constant) return undefined;
  const why = kernel.every((side) => side === 1)
    ? "a 1×1 kernel never leaves the image, so its masked embedding"
    : `on a map of ${map.join("×")} every position of the ${kernel.join("×")} kernel sees the same border, so its masked embedding`;
  return {
    level: "warning",
    id: "embedding-without-effect",
    path: mixerPath(stage, "embedding"),
    message: `${why} is a constant that the BatchNorm after it cancels`,
  };
};

const thinOuterCell: StageCheck = (stage) => {
  const thin = stage.grids.some((pair) =>
    [pair.rows, pair.columns].some((cells) => Math.max(...cells) > 1 && cells[0] === 1),
  );
  if (!thin) return undefined;
  return {
    level: "note",
    id: "thin-outer-cell",
    path: mixerPath(stage),
    message: `the outermost cell is one tap wide, yet has parameters of its own${wayOut(stage)}`,
  };
};

function wayOut({ mixer, kernel }: StageShape): string {
  if (mixer.type !== "peripheral") return "";
  const sides = kernel.flatMap((side) => exactSidesAround(side, mixer));
  const exact = [...new Set(sides)].sort((a, b) => a - b).join(" and ");
  return `: ${exact} fill exactly, and remainder: "merge" joins it to the next cell`;
}

const nothingShared: StageCheck = (stage) => {
  if (stage.mixer.type !== "peripheral" || stage.grids.some(isShared)) return undefined;
  return {
    level: "note",
    id: "nothing-shared",
    path: mixerPath(stage, "centre"),
    message: `around a centre of ${stage.mixer.centre} the ${stage.kernel.join("×")} kernel has no room to share: it is the same as dense()`,
  };
};

/** Taps outside the centre on one side, along the longer axis. */
const ring = (kernel: number, centre: number): number => Math.max(0, (kernel - centre) / 2);

const baseWithoutEffect: StageCheck = (stage) => {
  const { mixer } = stage;
  if (mixer.type !== "peripheral") return undefined;
  const most = ring(Math.max(...stage.kernel), mixer.centre);
  if (most < 2 || mixer.base <= most) return undefined;
  return {
    level: "note",
    id: "base-without-effect",
    path: mixerPath(stage, "base"),
    message: `no cell of ${mixer.base} taps fits into the ${most} outside the centre: any base over ${most} gives the same grid`,
  };
};

const remainderWithoutEffect: StageCheck = (stage) => {
  const { mixer } = stage;
  if (mixer.type !== "peripheral" || mixer.remainder === "own") return undefined;
  if (!stage.grids.some(isShared)) return undefined;
  const { centre, base } = mixer;
  const same = toSize(mixer.kernel).every((kernel) => {
    const cells = (remainder: "own" | "merge") =>
      peripheralCells({ kernel, centre, base, remainder }).join();
    return cells("own") === cells("merge");
  });
  if (!same) return undefined;
  return {
    level: "note",
    id: "remainder-without-effect",
    path: mixerPath(stage, "remainder"),
    message: "no taps are left over that a full cell could take: the grid is the same without it",
  };
};

/** Weights a channel none of whose taps ever meets the image. */
function idleWeights({ grids, map }: StageShape): { idle: number; all: number } {
  const counts = grids.map(({ rows, columns }) => {
    const all = rows.length * columns.length;
    const live = reach(rows, map[0]).cells.length * reach(columns, map[1]).cells.length;
    return { idle: all - live, all };
  });
  const sum = (key: "idle" | "all") => counts.reduce((total, each) => total + each[key], 0);
  return { idle: sum("idle"), all: sum("all") };
}

const beyondMap: StageCheck = (stage) => {
  const useful = stageReach(stage);
  if (useful[0] === stage.kernel[0] && useful[1] === stage.kernel[1]) return undefined;
  const { idle, all } = idleWeights(stage);
  const never = idle === 0 ? "" : `; ${idle} of its ${all} weights a channel only ever see padding`;
  return {
    level: "note",
    id: "kernel-beyond-map",
    path: mixerPath(stage),
    message: `on a map of ${stage.map.join("×")} only the inner ${useful.join("×")} taps of the ${stage.kernel.join("×")} kernel ever touch the image${never}`,
  };
};

const embeddingBeyondMap: StageCheck = (stage) => {
  const useful = stageReach(stage);
  const whole = useful[0] === stage.kernel[0] && useful[1] === stage.kernel[1];
  if (stage.mixer.embedding !== "masked" || whole) return undefined;
  return {
    level: "note",
    id: "embedding-beyond-map",
    path: mixerPath(stage, "embedding"),
    message: `of the ${stage.kernel.join("×")} embedding a channel only the inner ${useful.join("×")} is ever read on this map`,
  };
};

const normOfOnePixel: StageCheck = (stage) => {
  if (!stage.normed || Math.max(...stage.map) > 1) return undefined;
  return {
    level: "note",
    id: "norm-of-one-pixel",
    path: mixerPath(stage),
    message: "on a map of 1×1 the mixer's BatchNorms see one value an image: a batch needs two",
  };
};

/** Checks of one stage and its mixer. */
export const MIXER_CHECKS: readonly StageCheck[] = [
  branchBreaksSharing,
  embeddingWithoutEffect,
  branchFillsKernel,
  equalStripes,
  thinOuterCell,
  nothingShared,
  baseWithoutEffect,
  remainderWithoutEffect,
  beyondMap,
  embeddingBeyondMap,
  normOfOnePixel,
];
