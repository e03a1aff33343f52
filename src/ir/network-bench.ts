import { z } from "zod";

/** One network's times in one direction, milliseconds a batch. */
const NetworkTimes = z.looseObject({
  median: z.number(),
  min: z.number(),
  lower_quartile: z.number(),
  upper_quartile: z.number(),
  max: z.number(),
  rounds: z.int(),
  /** Images over the median. */
  images_per_second: z.number(),
  /** This time over that of the first network, paired by rounds; `null` where it has none. */
  ratio: z.number().nullable(),
});
export type NetworkTimes = z.infer<typeof NetworkTimes>;

const BenchedNetwork = z.looseObject({
  name: z.string(),
  kind: z.enum(["own", "peer"]),
  /** As it is trained, or as `fuse()` leaves it, for inference only. */
  form: z.enum(["trained", "fused"]),
  /** timm's name of a peer. */
  model: z.string().nullable(),
  parameters: z.int(),
  failures: z.array(z.string()),
  /** Inference: eval mode, no gradients. */
  forward: NetworkTimes.nullable(),
  /** A training step without its optimizer. */
  forward_backward: NetworkTimes.nullable(),
  /** Bytes at the peak of one forward and backward, beyond weights and images. */
  peak_memory: z.int().nullable(),
});

/** The document of `fovea bench --network`. */
export const NetworkBench = z.looseObject({
  device: z.string(),
  device_name: z.string(),
  threads: z.int(),
  versions: z.record(z.string(), z.string().nullable()),
  batch: z.int(),
  channels: z.int(),
  size: z.tuple([z.int(), z.int()]),
  dtype: z.string(),
  networks: z.array(BenchedNetwork),
});
export type NetworkBench = z.infer<typeof NetworkBench>;
