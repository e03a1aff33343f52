import { PLAN_DTYPES, PLAN_TARGETS } from "../ir/layer-plan.js";
import type { LayerOptions } from "../plan/layers.js";
import { parseChoice } from "./choice.js";
import { parseWhole } from "./whole.js";

/** Images a batch where none are named, as `fovea bench` takes them. */
const BATCH = { cpu: 4, gpu: 64 } as const;

/**
 * Reads what times are predicted for.
 *
 * @throws FoveaError FOV0040
 */
export function readPredictFor(options: {
  readonly target: string;
  readonly dtype?: string;
  readonly batch?: string;
}): Omit<LayerOptions, "size"> {
  const target = parseChoice("--target", options.target, PLAN_TARGETS);
  const isCpu = target === "cpu";
  const dtype = parseChoice("--dtype", options.dtype ?? (isCpu ? "fp32" : "bf16"), PLAN_DTYPES);
  const batch = parseWhole(options.batch ?? String(isCpu ? BATCH.cpu : BATCH.gpu), {
    option: "--batch",
    most: 65_536,
    unit: "images",
    example: "64",
  });
  return { target, dtype, batch };
}
