import { z } from "zod";
import { shippedNetworks } from "../dsl/zoo/shipped.js";
import type { Python } from "../launch/python.js";
import { askPython } from "./ask-python.js";
import type { SubjectRequest } from "./subject.js";

/** Whose effective receptive fields are measured, and on what; paths are absolute. */
export interface ErfRequest {
  readonly subjects: readonly SubjectRequest[];
  /** A folder of images; `null` for scikit-learn's photographs. */
  readonly images: string | null;
  readonly count: number;
  /** Side that images are resized to, in pixels. */
  readonly size: number;
  /** Folder for figures; `null` to write none. */
  readonly out: string | null;
  readonly device: string;
}

/** Of each threshold in percent. */
const Ratios = z.record(z.string(), z.number()).nullable();

/** What Python reports of effective receptive fields. */
export const ErfReport = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      network: z.string(),
      /** `null` where they are fresh. */
      weights: z.string().nullable(),
      average: z.boolean(),
      step: z.int().nullable(),
      images: z.int(),
      size: z.int(),
      /** Where the last map is taken. */
      map: z.string(),
      /** Area ratios from 0 to 1; `null` where nothing contributes. */
      ratios: Ratios,
      /** Sides of the same squares, in pixels. */
      sides: Ratios,
      /** Area ratios of log10(1 + contribution), as RepLKNet's script computes them. */
      log_ratios: Ratios,
      files: z.array(z.string()),
      notes: z.array(z.string()),
    }),
  ),
  /** Figures of all networks beside each other. */
  files: z.array(z.string()),
  source: z.object({ folder: z.string().nullable(), images: z.int() }),
  device: z.string(),
  device_name: z.string(),
  versions: z.record(z.string(), z.string().nullable()),
  passed: z.boolean(),
});
export type ErfReport = z.infer<typeof ErfReport>;

/**
 * Has Python measure effective receptive fields.
 *
 * @param onNote - takes Python's lines on stderr as they come
 * @throws FoveaError for weights that do not fit, images that cannot be read or are too large for
 *   memory, a disk that refuses
 */
export async function measureReceptiveFields(
  request: ErfRequest,
  tools: { readonly python: Python; readonly onNote: (line: string) => void },
): Promise<ErfReport> {
  const known = Object.values(shippedNetworks).map((make) => make());
  const question = {
    module: "fovea_runtime.erf",
    request: { ...request, known },
    answer: ErfReport,
    at: "the effective receptive field",
    fix: "see `fovea doctor`; a smaller --size takes less memory",
  };
  return await askPython(question, tools);
}
