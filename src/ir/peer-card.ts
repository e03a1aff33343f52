import { z } from "zod";

const Count = z.int().min(0);
const Side = z.int().positive();
/** An empty list; JSON Schema has no empty tuple. */
const None = z.array(z.never()).max(0);
const Counts = z.strictObject({ dense: Count, nonzero: Count });

/**
 * A peer's card, as Python counts it: the keys of a network's card, where they mean something of a
 * model that is not ours. It has no declared sparsity, no embedding, and nothing that fovea merges.
 */
export const PeerCard = z.strictObject({
  name: z.string(),
  /** timm's name for it. */
  model: z.string(),
  description: z.null(),
  /** The size that was counted at: `--size`, the declared one, or the one timm gives the model. */
  input: z.strictObject({ channels: Side, size: z.tuple([Side, Side]) }),
  sparsity: z.literal(0),
  params: z.strictObject({ ...Counts.shape, embedding: z.literal(0), merged: Count }),
  /** Multiply-adds of one image: half of what torch's FlopCounterMode counts. */
  macs: Counts,
  stages: None,
  /** The model's own parts, in their order; what it holds and multiplies itself is in the last. */
  layers: z.array(
    z.strictObject({
      name: z.string(),
      /** The part's class in timm or PyTorch. */
      kind: z.string(),
      params: Counts,
      macs: Counts,
    }),
  ),
  checks: None,
  versions: z.strictObject({ timm: z.string(), torch: z.string() }),
});
export type PeerCard = z.infer<typeof PeerCard>;
