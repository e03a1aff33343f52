import type { Network, Size } from "../ir/index.js";
import { convnextLayers, replknetLayers } from "./block-layers.js";
import { type Layer, linear, norm } from "./layer.js";
import { embeddingLayer } from "./mixer-layers.js";
import { downsampleLayers, stemLayers } from "./reduction-layers.js";
import type { StageShape } from "./shapes.js";

function blockLayers({ block }: Network, stage: StageShape, name: string): Layer[] {
  return block.type === "convnext"
    ? convnextLayers(name, stage, block)
    : replknetLayers(name, stage, block);
}

function stageLayers(network: Network, stage: StageShape, before: StageShape | undefined): Layer[] {
  const name = `stages.${stage.index}`;
  const layers = before === undefined ? [] : downsampleLayers(network.downsample, before, stage);
  if (stage.mixer.embedding !== false) layers.push(embeddingLayer(`${name}.embedding`, stage));
  for (let block = 0; block < stage.depth; block += 1) {
    layers.push(...blockLayers(network, stage, `${name}.blocks.${block}`));
  }
  return layers;
}

/** The layers of a network in the order of the forward pass, part by part. */
export interface NetworkLayers {
  readonly stem: readonly Layer[];
  /** A list a stage; from the second on it begins with the downsampling into the stage. */
  readonly stages: readonly (readonly Layer[])[];
  readonly head: readonly Layer[];
}

/**
 * The layers of the emitted module in training form, under its own names.
 *
 * @param stages - of an image of size `image`, `[height, width]` in pixels
 */
export function networkLayers(
  network: Network,
  stages: readonly StageShape[],
  image: Size,
): NetworkLayers {
  const [first] = stages;
  const last = stages.at(-1);
  if (first === undefined || last === undefined) throw new TypeError("a network has stages");
  return {
    stem: stemLayers(network.stem, network.input.channels, image, first),
    stages: stages.map((stage, index) => stageLayers(network, stage, stages[index - 1])),
    head: [
      norm("head.norm", last.channels),
      linear("head.linear", last.channels, network.head.classes, 1),
    ],
  };
}
