import type { Network } from "../../ir/index.js";
import { convnext, pelk, pelk101, pelkOfOneGrid, replknet, slak } from "./declarations.js";

/** One line of a published table. */
interface Result {
  /** Side of the images, in pixels. */
  readonly size: number;
  /** Millions of parameters, as printed. */
  readonly params?: string;
  /** 10⁹ multiply-adds, which the papers call FLOPs, as printed. */
  readonly macs?: string;
  /** ImageNet-1K, in percent. */
  readonly top1: string;
  /** What sets the result apart, such as other data; null for 300 epochs on ImageNet-1K. */
  readonly note: string | null;
  readonly source: string;
}

/** A count of the authors' own code, to the last parameter. */
interface ExactCount {
  readonly form: "dense" | "merged";
  readonly params: number;
  readonly source: string;
}

export interface PublishedNetwork {
  readonly name: string;
  readonly network: Network;
  /**
   * How its tables count: everything in training form; what merging leaves (RepLKNet); or the
   * nonzeros in theory, `(1 − sparsity)` of all but the kernel-wise embedding (PeLK, SLaK).
   */
  readonly rule: "dense" | "merged" | "nonzero";
  readonly results: readonly Result[];
  readonly exact: readonly ExactCount[];
}

const PELK = "PeLK (arXiv 2403.07589), ImageNet-1K results";
const PELK_GRIDS = "PeLK (arXiv 2403.07589), table 5";
const PELK_SIZES = "PeLK (arXiv 2403.07589), table 7";
const SLAK = "SLaK (arXiv 2207.03620), README of VITA-Group/SLaK";
const SLAK_COUNT = "issue 12 of VITA-Group/SLaK";
const REPLKNET = "RepLKNet (arXiv 2203.06717), README of DingXiaoH/RepLKNet-pytorch";
const REPLKNET_CODE = "the authors' code";
const CONVNEXT = "ConvNeXt (arXiv 2201.03545), README of facebookresearch/ConvNeXt";
const CONVNEXT_COUNT = "the authors' code, as in timm";

const result = (
  size: number,
  params: string,
  macs: string,
  top1: string,
  source: string,
  note: string | null = null,
): Result => ({ size, params, macs, top1, note, source });

/** Table 7 varies kernels and image size, and prints accuracies alone. */
const ablation = (size: number, top1: string): Result => ({
  size,
  top1,
  note: "ablation",
  source: PELK_SIZES,
});

/** Table 5: one 33×33 grid in every stage, half of it from the outermost cell to the middle tap. */
function uniform(name: string, half: readonly number[], top1: string): PublishedNetwork {
  const cells = [...half, ...half.slice(0, -1).toReversed()];
  return {
    name: `PeLK-T, 33×33 in ${name}`,
    network: pelkOfOneGrid(cells),
    rule: "dense",
    results: [{ size: 224, top1, note: "120 epochs", source: PELK_GRIDS }],
    exact: [],
  };
}

const exact = (form: "dense" | "merged", params: number, source: string): ExactCount => ({
  form,
  params,
  source,
});

/** Networks that papers and their authors' repositories give figures of. */
export const PUBLISHED: readonly PublishedNetwork[] = [
  {
    name: "PeLK-T",
    network: pelk("T"),
    rule: "nonzero",
    results: [result(224, "29", "5.6", "82.6", PELK), ablation(224, "81.6"), ablation(384, "82.7")],
    exact: [],
  },
  {
    name: "PeLK-S",
    network: pelk("S"),
    rule: "nonzero",
    results: [result(224, "50", "10.7", "83.9", PELK)],
    exact: [],
  },
  {
    name: "PeLK-B",
    network: pelk("B"),
    rule: "nonzero",
    results: [result(224, "89", "18.3", "84.2", PELK), result(384, "89", "54.0", "85.6", PELK)],
    exact: [],
  },
  {
    name: "PeLK-101-T",
    network: pelk101("T"),
    rule: "nonzero",
    results: [ablation(224, "81.6"), ablation(384, "83.0")],
    exact: [],
  },
  {
    name: "PeLK-B-101",
    network: pelk101("B"),
    rule: "nonzero",
    results: [result(384, "90", "68.3", "85.8", PELK)],
    exact: [],
  },
  {
    name: "SLaK-T",
    network: slak("T"),
    rule: "nonzero",
    results: [
      result(224, "30", "5.0", "82.5", SLAK),
      result(224, "30", "5.0", "81.6", SLAK, "120 epochs"),
    ],
    exact: [exact("dense", 50_703_838, SLAK_COUNT)],
  },
  {
    name: "SLaK-S",
    network: slak("S"),
    rule: "nonzero",
    results: [result(224, "55", "9.8", "83.8", SLAK)],
    exact: [exact("dense", 91_131_820, SLAK_COUNT)],
  },
  {
    name: "SLaK-B",
    network: slak("B"),
    rule: "nonzero",
    results: [result(224, "95", "17.1", "84.0", SLAK)],
    exact: [exact("dense", 157_950_792, SLAK_COUNT)],
  },
  {
    name: "RepLKNet-31B",
    network: replknet([128, 256, 512, 1024], [31, 29, 27, 13], 5, 1),
    rule: "merged",
    results: [
      result(224, "79", "15.3", "83.5", REPLKNET),
      result(384, "79", "45.1", "84.8", REPLKNET),
      result(224, "79", "15.3", "85.2", REPLKNET, "ImageNet-22K first"),
      result(384, "79", "45.1", "86.0", REPLKNET, "ImageNet-22K first"),
    ],
    exact: [exact("dense", 79_864_168, REPLKNET_CODE), exact("merged", 79_438_952, REPLKNET_CODE)],
  },
  {
    name: "RepLKNet-31L",
    network: replknet([192, 384, 768, 1536], [31, 29, 27, 13], 5, 1),
    rule: "merged",
    results: [result(384, "172", "96.0", "86.6", REPLKNET, "ImageNet-22K first")],
    exact: [
      exact("dense", 172_671_016, REPLKNET_CODE),
      exact("merged", 172_033_192, REPLKNET_CODE),
    ],
  },
  {
    name: "RepLKNet-XL",
    network: replknet([256, 512, 1024, 2048], [27, 27, 27, 13], false, 1.5),
    rule: "merged",
    results: [result(320, "335", "128.7", "87.8", REPLKNET, "MegData-73M first")],
    exact: [
      exact("dense", 335_435_752, REPLKNET_CODE),
      exact("merged", 335_210_984, REPLKNET_CODE),
    ],
  },
  {
    name: "ConvNeXt-T",
    network: convnext("T"),
    rule: "dense",
    results: [
      result(224, "28", "4.5", "82.1", CONVNEXT),
      result(224, "29", "4.5", "82.9", CONVNEXT, "ImageNet-22K first"),
      result(384, "29", "13.1", "84.1", CONVNEXT, "ImageNet-22K first"),
    ],
    exact: [exact("dense", 28_589_128, CONVNEXT_COUNT)],
  },
  {
    name: "ConvNeXt-S",
    network: convnext("S"),
    rule: "dense",
    results: [
      result(224, "50", "8.7", "83.1", CONVNEXT),
      result(224, "50", "8.7", "84.6", CONVNEXT, "ImageNet-22K first"),
      result(384, "50", "25.5", "85.8", CONVNEXT, "ImageNet-22K first"),
    ],
    exact: [exact("dense", 50_223_688, CONVNEXT_COUNT)],
  },
  {
    name: "ConvNeXt-B",
    network: convnext("B"),
    rule: "dense",
    results: [
      result(224, "89", "15.4", "83.8", CONVNEXT),
      result(384, "89", "45.0", "85.1", CONVNEXT),
      result(224, "89", "15.4", "85.8", CONVNEXT, "ImageNet-22K first"),
      result(384, "89", "47.0", "86.8", CONVNEXT, "ImageNet-22K first"),
    ],
    exact: [exact("dense", 88_591_464, CONVNEXT_COUNT)],
  },
  uniform("cells of 1", new Array<number>(17).fill(1), "81.4"),
  uniform("cells of 2", [2, 2, 2, 2, 2, 2, 2, 2, 1], "81.0"),
  uniform("cells of 2 and a centre", [2, 2, 2, 2, 2, 2, 2, 1, 1, 1], "81.4"),
  uniform("cells of 4 and a centre", [4, 4, 4, 2, 1, 1, 1], "81.3"),
  uniform("powers of 2", [8, 4, 2, 1, 1, 1], "81.4"),
  uniform("powers of 2, reversed", [1, 1, 2, 4, 8, 1], "80.5"),
];
