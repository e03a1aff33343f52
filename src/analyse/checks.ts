import { CHECK_CODES } from "../ir/codes.js";
import type { Network, Size } from "../ir/index.js";
import type { Check, Finding } from "./check.js";
import type { Counts } from "./counts.js";
import { MIXER_CHECKS } from "./mixer-checks.js";
import type { StageShape } from "./shapes.js";

export type { Check } from "./check.js";

/** What a check of the whole network looks at. */
interface Checked {
  readonly network: Network;
  readonly stages: readonly StageShape[];
  /** `[height, width]` in pixels. */
  readonly image: Size;
  readonly params: Counts;
}

type NetworkCheck = (checked: Checked) => readonly Finding[];

const sparsity: NetworkCheck = ({ network, params }) => {
  const share = network.sparsity;
  if (share === 0) return [];
  if (params.nonzero === params.dense) {
    return [
      {
        level: "warning",
        id: "sparsity-without-effect",
        path: "sparsity",
        message: `a share of ${share} is less than one weight of every tensor: nothing is zero`,
      },
    ];
  }
  return [
    {
      level: "note",
      id: "sparsity-only-counted",
      path: "sparsity",
      message: `the nonzero counts take ${share} of the weights for zero; training without the experiment's sparsity stays dense`,
    },
  ];
};

const dropPath: NetworkCheck = ({ network }) => {
  const blocks = network.depths.reduce((sum, depth) => sum + depth, 0);
  if (network.dropPath === 0 || blocks > 1) return [];
  return [
    {
      level: "warning",
      id: "drop-path-without-effect",
      path: "dropPath",
      message: `the rate grows from 0 in the first block to ${network.dropPath} in the last, and this network has one block: it never drops`,
    },
  ];
};

const oneChannel: NetworkCheck = ({ network, stages }) => {
  if (network.block.type !== "convnext") return [];
  return stages
    .filter(({ channels }) => channels === 1)
    .map(({ index }) => ({
      level: "warning",
      id: "norm-of-one-channel",
      path: `widths[${index}]`,
      message:
        "a LayerNorm over one channel gives the same for every input: the blocks see nothing",
    }));
};

const oneClass: NetworkCheck = ({ network }) => {
  if (network.head.classes > 1) return [];
  return [
    {
      level: "warning",
      id: "one-class",
      path: "head.classes",
      message: "of one class, every probability is 1 and every loss 0: nothing is learnt",
    },
  ];
};

/** Pixels that a stem or a downsampling without padding never reads. */
const droppedPixels: NetworkCheck = ({ network, stages, image }) =>
  stages.flatMap(({ index }): Finding[] => {
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

const unalignedWidths: NetworkCheck = ({ stages }) => {
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
};

const NETWORK_CHECKS: readonly NetworkCheck[] = [
  sparsity,
  dropPath,
  oneChannel,
  oneClass,
  droppedPixels,
  unalignedWidths,
];

/** Everything worth saying about a network at an image size, warnings first. */
export function checkNetwork(checked: Checked): readonly Check[] {
  const found = [
    ...checked.stages.flatMap((stage) => MIXER_CHECKS.flatMap((check) => check(stage) ?? [])),
    ...NETWORK_CHECKS.flatMap((check) => check(checked)),
  ];
  const of = (level: Check["level"]): readonly Check[] =>
    found
      .filter((check) => check.level === level)
      .map((check) => ({ ...check, code: CHECK_CODES[check.id] }));
  return [...of("warning"), ...of("note")];
}
