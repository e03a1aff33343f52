import { type Network, type Size, type SizeLike, toSize } from "../ir/index.js";
import type { Card, CardLayer, CardPart, CardStage } from "./card.js";
import { checkNetwork } from "./checks.js";
import { countLayer, total } from "./counts.js";
import { dropPathRates } from "./drop-path.js";
import { embeddingCost, largeKernels } from "./large-kernels.js";
import type { Layer } from "./layer.js";
import { networkLayers } from "./layers.js";
import { publishedFigures } from "./published/compare.js";
import { stageReach } from "./reach.js";
import { type ReceptiveField, receptiveFields } from "./receptive-field.js";
import { type StageShape, stageShapes } from "./shapes.js";

export type { Card } from "./card.js";

function countLayers(layers: readonly Layer[], sparsity: number): CardLayer[] {
  return layers.map((layer) => {
    const { name, kind, tensors, merged } = layer;
    const { params, macs } = countLayer(layer, sparsity);
    return { name, kind, shape: tensors[0]?.shape ?? [], params: { ...params, merged }, macs };
  });
}

/** Sums of a part are the sums of its layers, in every column. */
function countPart(layers: readonly CardLayer[]): CardPart {
  const { params, macs } = total(layers);
  const embedding = total(layers.filter(({ kind }) => kind === "embedding")).params.dense;
  const merged = layers.reduce((sum, layer) => sum + layer.params.merged, 0);
  return { params: { ...params, embedding, merged }, macs };
}

function stageCard(
  shape: StageShape,
  layers: readonly CardLayer[],
  rates: readonly number[],
  receptiveField: ReceptiveField,
): CardStage {
  return {
    index: shape.index,
    depth: shape.depth,
    channels: shape.channels,
    convolved: shape.convolved,
    map: shape.map,
    mixer: shape.mixer.type,
    kernel: shape.kernel,
    reach: stageReach(shape),
    grid: shape.grids,
    branch: shape.mixer.branch,
    embedding: shape.mixer.embedding,
    dropPath: [rates[0] ?? 0, rates.at(-1) ?? 0],
    ...countPart(layers),
    largeKernels: largeKernels(layers),
    receptiveField,
  };
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError("a network has stages");
  return value;
}

/**
 * Counts a network layer by layer at an image size, by default its own. `params.dense` is what
 * the emitted module trains, `macs` what its forward pass multiplies for one image with every tap
 * of a kernel computed; `nonzero` is what the network's declared sparsity leaves of each.
 *
 * @throws FoveaError FOV0021 where a feature map would be empty, FOV0022 where a count passes 2⁵³.
 */
export function account(network: Network, options: { readonly size?: SizeLike } = {}): Card {
  const size: Size = toSize(options.size ?? network.input.size);
  const shapes = stageShapes(network, size);
  const layers = networkLayers(network, shapes, size);
  const count = (list: readonly Layer[]) => countLayers(list, network.sparsity);
  const stem = count(layers.stem);
  const stages = layers.stages.map(count);
  const head = count(layers.head);
  const all = [...stem, ...stages.flat(), ...head];
  const rates = dropPathRates(network);
  const fields = receptiveFields(network, shapes, size);
  const whole = countPart(all);
  return {
    name: network.name,
    description: network.description,
    input: { channels: network.input.channels, size },
    sparsity: network.sparsity,
    ...whole,
    largeKernels: largeKernels(all),
    embeddingCost: embeddingCost(shapes, all),
    receptiveField: known(fields.at(-1)),
    stem: countPart(stem),
    stages: shapes.map((shape, index) =>
      stageCard(shape, known(stages[index]), known(rates[index]), known(fields[index])),
    ),
    head: countPart(head),
    layers: all,
    published: publishedFigures(network, shapes, size, whole),
    checks: checkNetwork({ network, stages: shapes, image: size, params: whole.params }),
  };
}
