import type { Card, CardLayer } from "./card.js";

/**
 * Elements of one image that a forward pass keeps for the backward pass, estimated from shapes. The
 * output of a convolution or a linear layer is kept twice: by the norm or the activation that it
 * goes into, and, changed, by the layer behind that.
 *
 * @param checkpointed - blocks are computed again: their inputs are kept, and one block's insides
 */
export function keptElements(card: Card, checkpointed: boolean): number {
  const all = 2 * outputs(card, card.layers);
  if (!checkpointed) return all;
  const blocks = card.stages.map(({ index, depth, channels, map }) => ({
    inputs: depth * channels * map[0] * map[1],
    inside: outputs(
      card,
      card.layers.filter(({ name }) => name.startsWith(`stages.${index}.`)),
    ),
    depth,
  }));
  const between = all - 2 * blocks.reduce((sum, { inside }) => sum + inside, 0);
  const largest = Math.max(...blocks.map(({ inside, depth }) => (2 * inside) / depth));
  return Math.round(between + blocks.reduce((sum, { inputs }) => sum + inputs, 0) + largest);
}

/** Multiply-adds are outputs times the taps of one; of a shared kernel only its cells are stored. */
function outputs({ stages }: Card, layers: readonly CardLayer[]): number {
  return layers.reduce((sum, { name, shape, macs }) => {
    if (macs.dense === 0) return sum;
    const [channels = 0, ...rest] = shape;
    const map = stages[Number(/^stages\.(\d+)\./.exec(name)?.[1])]?.map;
    if (shape.length === 3 && map !== undefined) return sum + channels * map[0] * map[1];
    return sum + macs.dense / rest.reduce((product, side) => product * side, 1);
  }, 0);
}
