import { z } from "zod";

/** Images a second over the rounds. */
const Rates = z.looseObject({ median: z.number(), min: z.number(), max: z.number() });
export type Rates = z.infer<typeof Rates>;

const DataBenchRow = z.looseObject({
  /** Processes that decode; with 0 the measuring one does. */
  workers: z.int(),
  ours: Rates,
  /** The bytes read and thrown away; `null` for scenes that are composed. */
  floor: Rates.nullable(),
  /** torchvision's ImageFolder and PyTorch's DataLoader with the same transform; `null` elsewhere. */
  peer: Rates.nullable(),
  /** `ours` over each of them: the median of paired rounds. */
  to_floor: z.number().nullable(),
  to_peer: z.number().nullable(),
});

/** The document of `fovea bench data`. */
export const DataBench = z.looseObject({
  type: z.string(),
  device_name: z.string(),
  /** Processors that the process may use. */
  cores: z.int(),
  versions: z.record(z.string(), z.string().nullable()),
  /** Training images. */
  images: z.int(),
  /** Of the network's input; `null` where images keep sizes of their own. */
  size: z.union([z.int(), z.tuple([z.int(), z.int()])]).nullable(),
  /** Images a batch, batches a sample, samples a number of workers. */
  batch: z.int(),
  batches: z.int(),
  rounds: z.int(),
  /** Seconds to open both splits: without an index, with one that was kept, and the peer's. */
  open: z.looseObject({ first: z.number(), kept: z.number(), peer: z.number().nullable() }),
  bytes_per_image: z.number().nullable(),
  rows: z.array(DataBenchRow),
  /** Files and annotations that could not be used. */
  problems: z.array(z.string()),
});
export type DataBench = z.infer<typeof DataBench>;
