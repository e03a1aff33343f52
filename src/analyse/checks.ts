import type { Network, Size } from "../ir/index.js";
import { isShared } from "./grid.js";
import { branchMerges } from "./merged.js";
import { stageReach } from "./reach.js";
import type { StageShape } from "./shapes.js";

/** Something about a declared network that its author should know; none of it is a mistake. */
export interface Check {
  /** `warning`: probably not what was meant. `note`: worth knowing. */
  readonly level: "warning" | "note";
  /** Stable name of the check, such as `branch-breaks-sharing`. */
  readonly id: string;
  /** Dotted path in the declaration. */
  readonly path: string;
  readonly message: string;
}

type StageCheck = (stage: StageShape) => Check | undefined;

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

const thinOuterCell: StageCheck = (stage) => {
  const thin = stage.grids.some((pair) =>
    [pair.rows, pair.columns].some((cells) => Math.max(...cells) > 1 && cells[0] === 1),
  );
  if (!thin) return undefined;
  return {
    level: "note",
    id: "thin-outer-cell",
    path: mixerPath(stage),
    message: `the outermost cell is one tap wide, yet has parameters of its own${
      stage.mixer.type === "peripheral" ? '; remainder: "merge" joins it to the next cell' : ""
    }`,
  };
};

const nothingShared: StageCheck = (stage) => {
  if (stage.mixer.type !== "peripheral" || stage.grids.some(isShared)) return undefined;
  return {
    level: "note",
    id: "nothing-shared",
    path: mixerPath(stage, "centre"),
    message: `around a centre of ${stage.mixer.centre} the ${stage.kernel.join("×")} kernel has no room to share: it is the same as dense()`,
  };
};

const beyondMap: StageCheck = (stage) => {
  const useful = stageReach(stage);
  if (useful[0] === stage.kernel[0] && useful[1] === stage.kernel[1]) return undefined;
  return {
    level: "note",
    id: "kernel-beyond-map",
    path: mixerPath(stage),
    message: `on a map of ${stage.map.join("×")} only the inner ${useful.join("×")} taps of the ${stage.kernel.join("×")} kernel ever touch the image`,
  };
};

const embeddingWithoutEffect: StageCheck = (stage) => {
  const { embedding, branch } = stage.mixer;
  const single = stage.kernel[0] === 1 && stage.kernel[1] === 1;
  if (embedding !== "masked" || branch === false || !single) return undefined;
  return {
    level: "warning",
    id: "embedding-without-effect",
    path: mixerPath(stage, "embedding"),
    message:
      "a 1×1 kernel never leaves the image, so its masked embedding is a constant that the BatchNorm after it cancels",
  };
};

const STAGE_CHECKS: readonly StageCheck[] = [
  branchBreaksSharing,
  embeddingWithoutEffect,
  thinOuterCell,
  nothingShared,
  beyondMap,
];

function sparsityCounts({ sparsity }: Network): Check[] {
  if (sparsity === 0) return [];
  return [
    {
      level: "note",
      id: "sparsity-only-counted",
      path: "sparsity",
      message: `the nonzero counts take ${sparsity} of the weights for zero; training without the experiment's sparsity stays dense`,
    },
  ];
}

/** Pixels that a stem or a downsampling without padding never reads. */
function droppedPixels(network: Network, stages: readonly StageShape[], image: Size): Check[] {
  return stages.flatMap(({ index }): Check[] => {
    const from = stages[index - 1]?.map ?? image;
    const reduction = index === 0 ? network.stem : network.downsample;
    if (reduction.type !== "patchify") return [];
    const { stride } = reduction;
    if (from[0] % stride === 0 && from[1] % stride === 0) return [];
    const what = index === 0 ? "the stem" : `the downsampling into stage ${index}`;
    return [
      {
        level: "note",
        id: "pixels-dropped",
        path: index === 0 ? "input.size" : "downsample.stride",
        message: `${what} takes ${stride}×${stride} patches of ${from.join("×")} pixels: the last rows or columns are not read`,
      },
    ];
  });
}

function unalignedWidths(stages: readonly StageShape[]): Check[] {
  const odd = stages.map(({ channels }) => channels).filter((channels) => channels % 8 !== 0);
  if (odd.length === 0) return [];
  return [
    {
      level: "note",
      id: "widths-not-of-eight",
      path: "widths",
      message: `channels ${odd.join(", ")} are no multiples of 8: half-precision matrix products run slower`,
    },
  ];
}

/** Everything worth saying about a network at an image size, warnings first. */
export function checkNetwork(
  network: Network,
  stages: readonly StageShape[],
  image: Size,
): readonly Check[] {
  const found = [
    ...stages.flatMap((stage) => STAGE_CHECKS.flatMap((check) => check(stage) ?? [])),
    ...sparsityCounts(network),
    ...droppedPixels(network, stages, image),
    ...unalignedWidths(stages),
  ];
  const of = (level: Check["level"]) => found.filter((check) => check.level === level);
  return [...of("warning"), ...of("note")];
}
