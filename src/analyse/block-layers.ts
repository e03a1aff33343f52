import type { ConvNeXtBlock, RepLKNetBlock } from "../ir/index.js";
import { convNorm, type Layer, linear, norm } from "./layer.js";
import { mixerLayers } from "./mixer-layers.js";
import type { StageShape } from "./shapes.js";

/** Mixer, norm, two linear layers and a layer scale. */
export function convnextLayers(name: string, stage: StageShape, block: ConvNeXtBlock): Layer[] {
  const { channels } = stage;
  const pixels = stage.map[0] * stage.map[1];
  const hidden = channels * block.expansion;
  const layers = [
    ...mixerLayers(`${name}.mixer`, stage),
    norm(`${name}.norm`, channels),
    linear(`${name}.expand`, channels, hidden, pixels),
    linear(`${name}.project`, hidden, channels, pixels),
  ];
  if (block.layerScale !== false) {
    const tensor = { name: `${name}.layer_scale`, shape: [channels], sparse: true };
    const scale = { name: tensor.name, kind: "scale", tensors: [tensor], macs: 0 } as const;
    layers.push({ ...scale, merged: channels });
  }
  return layers;
}

/** Norm, 1×1, mixer and 1×1, then the ConvFFN's norm and two 1×1. */
export function replknetLayers(name: string, stage: StageShape, block: RepLKNetBlock): Layer[] {
  const { channels, mixed, map } = stage;
  const hidden = channels * block.expansion;
  const pointwise = (leaf: string, from: number, to: number): Layer[] =>
    convNorm(`${name}.${leaf}`, { from, to, kernel: 1, map });
  return [
    norm(`${name}.norm`, channels),
    ...pointwise("enter", channels, mixed),
    ...mixerLayers(`${name}.mixer`, stage),
    ...pointwise("leave", mixed, channels),
    norm(`${name}.ffn.norm`, channels),
    ...pointwise("ffn.expand", channels, hidden),
    ...pointwise("ffn.project", hidden, channels),
  ];
}
