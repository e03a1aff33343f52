import type { TunedEntry, TunedFile } from "../../src/plan/triton/tuned.js";

/** A dense 7×7 kernel's entry for maps of 8×8, with whatever else is said. */
export function tunedEntry(more: Partial<TunedEntry> = {}): TunedEntry {
  const ones = new Array<number>(7).fill(1);
  const gemm = { BLOCK_N: 16, BLOCK_K: 32, BLOCK_Q: 128, num_warps: 2, num_stages: 3 };
  return {
    arch: "sm_90",
    dtype: "bfloat16",
    map: [8, 8],
    rows: ones,
    columns: ones,
    batch: 64,
    launches: { gemm: { ...gemm, maxnreg: 128 } },
    ...more,
  };
}

export function tunedFile(entries: TunedEntry[], more: Partial<TunedFile> = {}): TunedFile {
  return { v: 1, device: "NVIDIA H100", versions: { triton: "3.9.0" }, entries, ...more };
}
