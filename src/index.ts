export {
  classifier,
  type DenseOptions,
  type DigitsOptions,
  dense,
  digits,
  type ExperimentOptions,
  experiment,
  type GridOptions,
  grid,
  type ImageFolderOptions,
  imageFolder,
  type NetworkOptions,
  network,
  type PelkOverrides,
  type PelkSize,
  type PeripheralOptions,
  pelk,
  peripheral,
  type RecipeOptions,
  type StripesOptions,
  stem,
  stripes,
} from "./dsl/index.js";
export type { ErrorCode } from "./ir/codes.js";
export { type ErrorDetails, FoveaError, type SourceLocation } from "./ir/error.js";
export type { Augment, Data, Experiment, Recipe } from "./ir/experiment.js";
export type { DenseMixer, GridMixer, Mixer, PeripheralMixer, StripesMixer } from "./ir/mixer.js";
export type { Block, Head, Network, Stem } from "./ir/network.js";
