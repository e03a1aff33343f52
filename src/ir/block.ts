import { z } from "zod";

const Expansion = z.int().positive().max(64);

/** Mixer, LayerNorm, linear ×expansion, GELU, linear, layer scale, drop path, shortcut (ConvNeXt, SLaK). */
export const ConvNeXtBlock = z.strictObject({
  type: z.literal("convnext"),
  /** Hidden width of the two linear layers over the stage's width. */
  expansion: Expansion,
  /** Initial value of the layer scale, or none. */
  layerScale: z.union([z.number().positive(), z.literal(false)]),
});

/**
 * RepLKNet's pair of blocks (section 4.1). BatchNorm, 1×1-BatchNorm-ReLU, mixer with its
 * BatchNorms, ReLU, 1×1-BatchNorm, drop path, shortcut; then the ConvFFN: BatchNorm,
 * 1×1-BatchNorm ×expansion, GELU, 1×1-BatchNorm, drop path, shortcut.
 */
export const RepLKNetBlock = z.strictObject({
  type: z.literal("replknet"),
  /** Hidden width of the ConvFFN over the stage's width. */
  expansion: Expansion,
  /** Width that the mixer sees over the stage's width; 1.5 in RepLKNet-XL. */
  ratio: z.number().positive().max(64),
});

export const Block = z.discriminatedUnion("type", [ConvNeXtBlock, RepLKNetBlock]);

export type ConvNeXtBlock = z.infer<typeof ConvNeXtBlock>;
export type RepLKNetBlock = z.infer<typeof RepLKNetBlock>;
export type Block = z.infer<typeof Block>;

/** Channels that a block's mixer gets of a stage's channels: `int(channels · ratio)`. */
export function mixedChannels(block: Block, channels: number): number {
  return block.type === "replknet" ? Math.floor(channels * block.ratio) : channels;
}
