import { ConvNeXtBlock, RepLKNetBlock } from "../ir/block.js";
import { declare, freeze } from "./declare.js";

const CONVNEXT = { expansion: 4, layerScale: 1e-6 };
const REPLKNET = { expansion: 4, ratio: 1 };

/** What a stage repeats around its mixer. */
export const block = {
  /**
   * Mixer, LayerNorm, linear, GELU, linear, layer scale, drop path and shortcut (ConvNeXt, SLaK,
   * PeLK).
   *
   * @param options.expansion - hidden width over the stage's width, 4 where not given
   * @param options.layerScale - what the layer scale starts with, 1e-6 where not given, or none
   */
  convnext(
    options: {
      readonly expansion?: number | undefined;
      readonly layerScale?: number | false | undefined;
    } = {},
  ): ConvNeXtBlock {
    const fixed = { type: "convnext" };
    const defaults = CONVNEXT;
    return freeze(
      declare({ what: "block.convnext", schema: ConvNeXtBlock, fixed, defaults, options }),
    );
  },

  /**
   * RepLKNet's pair (section 4.1): BatchNorm, 1×1, mixer, 1×1 beside a shortcut, and a ConvFFN
   * beside another; BatchNorm after every convolution, ReLU around the mixer, GELU in the ConvFFN.
   *
   * @param options.expansion - hidden width of the ConvFFN over the stage's width, 4 where not given
   * @param options.ratio - the mixer's width over the stage's width, 1 where not given
   */
  replknet(
    options: { readonly expansion?: number | undefined; readonly ratio?: number | undefined } = {},
  ): RepLKNetBlock {
    const fixed = { type: "replknet" };
    const defaults = REPLKNET;
    return freeze(
      declare({ what: "block.replknet", schema: RepLKNetBlock, fixed, defaults, options }),
    );
  },
} as const;

/** A block as it may be written, completed by its defaults; anything else as it is. */
export function completeBlock(written: unknown): unknown {
  if (written === undefined) return { type: "convnext", ...CONVNEXT };
  if (typeof written !== "object" || written === null || Array.isArray(written)) return written;
  const type = "type" in written ? written.type : "convnext";
  if (type === "convnext") return { type, ...CONVNEXT, ...written };
  return type === "replknet" ? { type, ...REPLKNET, ...written } : written;
}
