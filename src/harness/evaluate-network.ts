import { z } from "zod";
import { shippedNetworks } from "../dsl/zoo/shipped.js";
import type { Data } from "../ir/data.js";
import type { Size } from "../ir/grid.js";
import type { Recipe } from "../ir/recipe.js";
import type { Python } from "../launch/python.js";
import { askPython } from "./ask-python.js";
import type { SubjectRequest } from "./subject.js";

/** What is to be evaluated, on what, and how. */
export interface EvalRequest {
  readonly subject: SubjectRequest;
  readonly data: Data;
  /** The run's, or the defaults where it is no run. */
  readonly recipe: Recipe;
  readonly seed: number;
  readonly is_run: boolean;
  /** Whether the data are those that the run was trained with. */
  readonly is_own_data: boolean;
  /** `null` for the network's own. */
  readonly size: Size | null;
  /** `null` for the run's, or what suits the device. */
  readonly batch: number | null;
  readonly device: string;
  /** Autocast's type; `false` for none, `null` for the run's. */
  readonly amp: "bf16" | "fp16" | false | null;
  readonly fuse: boolean;
  /** Batches to time; `null` to time nothing, none for what suits the device. */
  readonly throughput: readonly number[] | null;
}

const Rate = z.number().nullable();

/** Images a second of one batch and type; `null` where it does not fit in memory. */
const Speed = z.looseObject({
  batch: z.int(),
  amp: z.string(),
  images_per_second: Rate,
  slowest: Rate,
  fastest: Rate,
  milliseconds: z
    .looseObject({ median: z.number(), min: z.number(), max: z.number(), rounds: z.int() })
    .nullable(),
});

const ClassRow = z.object({
  class: z.int(),
  name: z.string().optional(),
  images: z.int(),
  /** Percent; `null` where the class has no images. */
  top1: z.number().nullable(),
});

/** What Python reports of an evaluation. */
export const EvalReport = z.object({
  network: z.string(),
  checkpoint: z.object({ file: z.string(), average: z.boolean(), step: z.int().nullable() }),
  fused: z.boolean(),
  images: z.int(),
  size: z.tuple([z.int(), z.int()]),
  batch: z.int(),
  amp: z.string(),
  /** `top1` and `top5` in percent; `null` for what is no finite number. */
  metrics: z.object({
    top1: z.number().nullable(),
    top5: z.number().nullable(),
    loss: z.number().nullable(),
  }),
  classes: z.array(ClassRow),
  seconds: z.number(),
  throughput: z.array(Speed),
  device: z.string(),
  device_name: z.string(),
  threads: z.int(),
  versions: z.record(z.string(), z.string().nullable()),
  passed: z.boolean(),
  notes: z.array(z.string()),
});
export type EvalReport = z.infer<typeof EvalReport>;

/**
 * Has Python evaluate a network.
 *
 * @param onNote - takes Python's lines on stderr as they come
 * @throws FoveaError for weights that do not fit, data that cannot be read, a device that lacks what
 *   is asked for, a batch that does not fit in memory
 */
export async function evaluateNetwork(
  request: EvalRequest,
  tools: { readonly python: Python; readonly onNote: (line: string) => void },
): Promise<EvalReport> {
  const known = Object.values(shippedNetworks).map((make) => make());
  const question = {
    module: "fovea_runtime.evaluation",
    request: { ...request, known },
    answer: EvalReport,
    at: "the evaluation",
    fix: "see `fovea doctor`; a smaller --batch takes less memory",
  };
  return await askPython(question, tools);
}
