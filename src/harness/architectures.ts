/** Architectures that kernels are compiled for: those of `fovea_runtime.compile_target`. */
export const ARCHES = ["sm_80", "sm_86", "sm_89", "sm_90", "sm_100", "sm_120"] as const;
export type Arch = (typeof ARCHES)[number];

/** Types of tensors that the Triton kernels take. */
export const DTYPES = ["bf16", "fp16", "fp32"] as const;
export type Dtype = (typeof DTYPES)[number];
