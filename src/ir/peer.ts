import { z } from "zod";
import { LIMITS } from "./limits.js";
import { NetworkName } from "./name.js";

const Side = z.int().positive().max(LIMITS.inputSide);

/**
 * timm's names: an architecture, or an architecture and the tag of its weights
 * (`resnet50.a1_in1k`). No colon and no slash: those lead to the Hugging Face hub or to a folder.
 */
export const TimmName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,127}(\.[A-Za-z0-9_-]{1,127})?$/);

/**
 * A model of timm as declared, completed by the documented defaults: trained, counted and timed
 * beside networks, never generated. Which models timm has, only Python can say.
 */
export const Peer = z.strictObject({
  kind: z.literal("timm"),
  /** What tables and records call it. */
  name: NetworkName,
  /** timm's own name for it. */
  model: TimmName,
  input: z.strictObject({
    channels: z.int().positive().max(LIMITS.width),
    /** Pixels, or `[height, width]`; `null` stands for the size that timm gives the model. */
    size: z.union([Side, z.tuple([Side, Side])]).nullable(),
  }),
  /** Largest stochastic-depth rate, timm's `drop_path_rate`. */
  dropPath: z.number().min(0).lt(1),
  /** Outputs of its classifier; training takes the data's number where they differ. */
  classes: z.int().positive().max(LIMITS.classes),
});
export type Peer = z.infer<typeof Peer>;
