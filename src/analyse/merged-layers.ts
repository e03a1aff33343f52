import { type Layer, numel } from "./layers.js";
import { mergedMixers } from "./merged.js";
import type { StageShape } from "./shapes.js";

const parameters = (layer: Layer): number =>
  layer.tensors.reduce((sum, tensor) => sum + numel(tensor), 0);

const isMixer = ({ name }: Layer): boolean => name.includes(".mixer.");

/** Layers outside the mixers: what stays as it is. */
export function mergedPart(layers: readonly Layer[]): number[] {
  return layers.map(parameters);
}

/**
 * What `fuse()` leaves of each layer of a stage. The first large kernel of a block takes up its
 * norms, the branch and the bias; a second stripe keeps its weight; a masked embedding stays.
 *
 * @returns a number of parameters for each of `layers`; 0 for what another one takes up
 */
export function mergedLayers(stage: StageShape, layers: readonly Layer[]): number[] {
  const masked = stage.mixer.embedding === "masked";
  const embedding = layers
    .filter(({ kind }) => kind === "embedding")
    .reduce((sum, layer) => sum + (masked ? parameters(layer) : 0), 0);
  const mixers = (mergedMixers(stage) - embedding) / stage.depth;
  const wide = stage.grids
    .slice(1)
    .reduce((sum, { rows, columns }) => sum + stage.convolved * rows.length * columns.length, 0);
  return layers.map((layer) => {
    if (layer.kind === "embedding") return masked ? parameters(layer) : 0;
    if (!isMixer(layer)) return parameters(layer);
    const leaf = layer.name.slice(layer.name.lastIndexOf(".") + 1);
    if (leaf === "large" || leaf === "tall") return mixers - wide;
    return leaf === "wide" ? wide : 0;
  });
}
