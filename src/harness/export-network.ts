import { z } from "zod";
import { shippedNetworks } from "../dsl/zoo/shipped.js";
import type { Size } from "../ir/grid.js";
import type { Python } from "../launch/python.js";
import { askPython } from "./ask-python.js";
import type { ExportDtype, ExportFormat } from "./export-formats.js";

/** What is to be exported; paths are absolute. */
export interface ExportRequest {
  /** A generated package. */
  readonly package: string;
  readonly format: ExportFormat;
  readonly out: string;
  /** `null` for fresh ones. */
  readonly weights: string | null;
  /** Whether the file's moving average is wanted. */
  readonly average: boolean;
  readonly fused: boolean;
  /** Of the images, in pixels; `null` for any. */
  readonly size: Size | null;
  /** Images at a time; `null` for any number. */
  readonly batch: number | null;
  readonly dtype: ExportDtype;
}

const Tensor = z.object({ name: z.string(), shape: z.array(z.union([z.string(), z.int()])) });

/** What Python reports of an export. */
export const ExportReport = z.object({
  network: z.string(),
  format: z.string(),
  /** `null` where the file differs from the network, and was not kept. */
  out: z.string().nullable(),
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
  weights: z.string().nullable(),
  fused: z.boolean(),
  dtype: z.string(),
  classes: z.int(),
  parameters: z.int(),
  /** Of a program: what it takes, an open axis by its name. */
  inputs: z.array(Tensor).optional(),
  outputs: z.array(Tensor).optional(),
  /** Of ONNX: the operator set, and how many of each operator there are. */
  opset: z.int().optional(),
  operators: z.record(z.string(), z.int()).optional(),
  /** Of safetensors. */
  tensors: z.int().optional(),
  /** Of a hub folder: the name that timm builds. */
  architecture: z.string().optional(),
  limit: z.number(),
  passed: z.boolean(),
  /** Largest relative error of an image's logits; `null` where they are not finite. */
  checks: z.array(
    z.object({ images: z.int(), size: z.tuple([z.int(), z.int()]), error: z.number().nullable() }),
  ),
  notes: z.array(z.string()),
});
export type ExportReport = z.infer<typeof ExportReport>;

/**
 * Has Python export a network, and hold what it wrote against the network.
 *
 * @param onNote - takes Python's lines on stderr as they come
 * @throws FoveaError for weights that do not fit, a size that is too small, a disk that refuses
 */
export async function exportNetwork(
  request: ExportRequest,
  tools: { readonly python: Python; readonly onNote: (line: string) => void },
): Promise<ExportReport> {
  const known = Object.values(shippedNetworks).map((make) => make());
  const question = {
    module: "fovea_runtime.export",
    request: { ...request, known },
    answer: ExportReport,
    at: "the export",
    fix: "see `fovea doctor`; smaller images with --size take less memory",
  };
  return await askPython(question, tools);
}
