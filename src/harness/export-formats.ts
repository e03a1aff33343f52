/** Formats that a network is exported in, with the endings of their files that others look for. */
export const EXPORT_FORMATS = {
  onnx: { ending: ".onnx", isFixed: false },
  "torch-export": { ending: ".pt2", isFixed: true },
  torchscript: { ending: ".pt", isFixed: false },
  safetensors: { ending: ".safetensors", isFixed: true },
  hf: { ending: "", isFixed: false },
} as const satisfies Record<string, { readonly ending: string; readonly isFixed: boolean }>;

export type ExportFormat = keyof typeof EXPORT_FORMATS;

/** Dtypes of exported weights and images. onnxruntime convolves in two of them on a CPU. */
export const EXPORT_DTYPES = ["float32", "float16", "bfloat16", "float64"] as const;
export type ExportDtype = (typeof EXPORT_DTYPES)[number];
