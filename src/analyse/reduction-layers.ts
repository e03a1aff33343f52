import type { Downsample, Size, Stem } from "../ir/index.js";
import { convNorm, convolution, type Layer, norm } from "./layer.js";
import type { StageShape } from "./shapes.js";

/** From an image of `channels` channels, `[height, width]` in pixels, to the first stage's map. */
export function stemLayers(stem: Stem, channels: number, image: Size, to: StageShape): Layer[] {
  if (stem.type === "patchify") {
    const { stride } = stem;
    const patches = { from: channels, to: to.channels, kernel: stride, map: to.map };
    return [convolution("stem.conv", true, patches), norm("stem.norm", to.channels)];
  }
  const half: Size = [Math.ceil(image[0] / 2), Math.ceil(image[1] / 2)];
  const own = { from: to.channels, to: to.channels };
  return [
    ...convNorm("stem.entry", { from: channels, to: to.channels, kernel: 3, map: half }),
    ...convNorm("stem.depthwise", { ...own, kernel: 3, map: half, depthwise: true }),
    ...convNorm("stem.pointwise", { ...own, kernel: 1, map: half }),
    ...convNorm("stem.reduce", { ...own, kernel: 3, map: to.map, depthwise: true }),
  ];
}

/** From the map of the stage before to a stage's own. */
export function downsampleLayers(
  downsample: Downsample,
  before: StageShape,
  stage: StageShape,
): Layer[] {
  const name = `stages.${stage.index}.downsample`;
  const from = before.channels;
  const to = stage.channels;
  if (downsample.type === "patchify") {
    const patches = { from, to, kernel: downsample.stride, map: stage.map };
    return [norm(`${name}.norm`, from), convolution(`${name}.conv`, true, patches)];
  }
  return [
    ...convNorm(`${name}.pointwise`, { from, to, kernel: 1, map: before.map }),
    ...convNorm(`${name}.reduce`, { from: to, to, kernel: 3, map: stage.map, depthwise: true }),
  ];
}
