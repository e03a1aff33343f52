export {
  type Ade20kOptions,
  ade20k,
  block,
  type CocoOptions,
  type ConvNeXtSize,
  classifier,
  coco,
  convnext,
  type DenseOptions,
  type DigitsOptions,
  dense,
  digits,
  downsample,
  type ExperimentOptions,
  experiment,
  type FamilyOverrides,
  FIGURE_6_KERNELS,
  type Figure6Form,
  figure6,
  type GridOptions,
  grid,
  type ImageFolderOptions,
  imageFolder,
  type NetworkOptions,
  network,
  type Pelk101Size,
  type PelkSize,
  type PeripheralOptions,
  pelk,
  pelk101,
  peripheral,
  type RecipeOptions,
  type RecipeOverrides,
  type RecipePreset,
  type RepLKNetSize,
  recipe,
  replknet,
  type SlakSize,
  type SparsityOptions,
  type StripesOptions,
  type SweepOptions,
  slak,
  sparsity,
  stem,
  stripes,
  sweep,
  TABLE_5_GRIDS,
  type Table5Grid,
  type TimmOptions,
  timm,
  uniform33,
  type VocOptions,
  voc,
  type WebDatasetOptions,
  webDataset,
} from "./dsl/index.js";
export type { Block } from "./ir/block.js";
export type { ErrorCode } from "./ir/codes.js";
export type { Data } from "./ir/data.js";
export { type ErrorDetails, FoveaError, type SourceLocation } from "./ir/error.js";
export type { Experiment } from "./ir/experiment.js";
export type { DenseMixer, GridMixer, Mixer, PeripheralMixer, StripesMixer } from "./ir/mixer.js";
export type { Head, Network } from "./ir/network.js";
export type { Peer } from "./ir/peer.js";
export type { Augment, Recipe } from "./ir/recipe.js";
export type { Downsample, Stem } from "./ir/reduction.js";
export type { Sparsity } from "./ir/sparsity.js";
export type { Sweep, SweepPoint } from "./ir/sweep.js";
