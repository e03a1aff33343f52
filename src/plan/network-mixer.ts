import { centralOnes, densePair, holdsBranch, kernelSize } from "../analyse/grid.js";
import type { StageShape } from "../analyse/shapes.js";
import type { GridPair, Size } from "../ir/index.js";

/** One emitted mixer class, with every question that its template asks. */
export interface MixerClass {
  readonly name: string;
  /** The template of `templates/modules` that prints it. */
  readonly template: string;
  /** The class that `fuse()` makes of it; itself where there is nothing to fuse. */
  readonly fused: string;
  readonly stripes: boolean;
  /** Whether each convolution has a BatchNorm of its own. */
  readonly normed: boolean;
  readonly branch: boolean;
  /** Whether the branch is wider than the unshared centre, so that the merged kernel has no sharing. */
  readonly dense: boolean;
  /** Whether it expands a shared weight itself. */
  readonly expands: boolean;
  readonly bias: boolean;
  readonly masked: boolean;
  /** Without embedding. */
  readonly plain: boolean;
}

/** The mixer of every block of one stage: its class, and what its constructor takes. */
export interface StageMixer {
  readonly mixer: MixerClass;
  /** The large kernel, or the tall and the wide stripe. */
  readonly kernels: readonly GridPair[];
  /** Whether the large kernels have a bias of their own. */
  readonly bias: boolean;
  /** Side of the parallel branch in taps, and where it lies in the weight that it is merged into. */
  readonly branch: { readonly side: number; readonly corner: Size } | false;
  /** The pair without sharing that branch and large kernel merge into. */
  readonly dense: GridPair | false;
}

/** What the blocks of a stage convolve with. A parallel branch merges into the first kernel. */
export function planMixer({ mixer, grids, normed }: StageShape): StageMixer {
  const [first] = grids;
  if (first === undefined) throw new Error(`a mixer of type ${mixer.type} has no kernel`);
  const { branch, embedding } = mixer;
  const stripes = mixer.type === "stripes";
  const merges = branch === false || holdsBranch(first, branch);
  const merged = merges ? first : densePair(kernelSize(first));
  return {
    mixer: mixerClass({ stripes, normed, branch: branch !== false, dense: !merges, embedding }),
    kernels: grids,
    bias: !normed && embedding !== "bias",
    branch: branch !== false && { side: branch, corner: branchCorner(merged, branch) },
    dense: !merges && merged,
  };
}

interface Traits {
  readonly stripes: boolean;
  readonly normed: boolean;
  readonly branch: boolean;
  readonly dense: boolean;
  readonly embedding: "bias" | "masked" | false;
}

function mixerClass({ stripes, normed, branch, dense, embedding }: Traits): MixerClass {
  const addition = embedding === false ? "" : embedding === "bias" ? "Bias" : "Masked";
  const masked = embedding === "masked";
  const traits = {
    stripes,
    normed,
    branch,
    dense,
    expands: masked || dense,
    bias: embedding === "bias",
    masked,
    plain: embedding === false,
  };
  if (stripes) {
    const name = branch ? "BranchedStripesMixer" : "StripesMixer";
    return { ...traits, name, template: "stripes_mixer", fused: "FusedStripesMixer" };
  }
  if (normed) {
    const kind = branch ? `${dense ? "Wide" : ""}Branch` : "Normed";
    const fused = masked ? "FusedMaskedMixer" : "LargeKernelMixer";
    return { ...traits, name: `${kind}${addition}Mixer`, template: "normed_mixer", fused };
  }
  if (masked) {
    return { ...traits, name: "MaskedMixer", template: "masked_mixer", fused: "MaskedMixer" };
  }
  const fused = "LargeKernelMixer";
  if (embedding === "bias") return { ...traits, name: "BiasMixer", template: "bias_mixer", fused };
  return { ...traits, name: fused, template: "large_kernel_mixer", fused };
}

/** Row and column of the weight where a centred branch begins. */
function branchCorner(pair: GridPair, branch: number): Size {
  const first = (cells: readonly number[]): number => {
    const { start, count } = centralOnes(cells);
    return start + (count - branch) / 2;
  };
  return [first(pair.rows), first(pair.columns)];
}
