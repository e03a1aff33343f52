import { type GridPair, type Size, sha256 } from "../ir/index.js";
import { planKernel } from "../plan/kernel.js";
import type { TunedTable } from "../plan/triton/tuned.js";
import type { EmittedFile } from "./emitted-file.js";
import { formatPython } from "./format.js";
import { header } from "./header.js";
import { render } from "./render.js";

/** What a kernel file is made from. */
export interface KernelSpec {
  readonly pair: GridPair;
  /** Map sizes that its Triton kernels are planned for, in pixels. */
  readonly maps: readonly Size[];
  /** What `fovea tune` found. */
  readonly tuned?: TunedTable | undefined;
}

/** A kernel's module without its header: a function of its specification only. */
interface KernelCode {
  readonly name: string;
  readonly code: string;
  /** SHA-256 of `code`. */
  readonly hash: string;
}

/** Stands in the code for the first digits of the code's own hash, which name its operators. */
const NO_DIGEST = "00000000";

const codes = new Map<string, KernelCode>();

function kernelCode({ pair, maps, tuned = [] }: KernelSpec): KernelCode {
  const key = JSON.stringify([pair.rows, pair.columns, maps, tuned]);
  let known = codes.get(key);
  if (known === undefined) {
    const plan = planKernel(pair, maps, tuned);
    const path = `${plan.name}.py`;
    const draft = formatPython(render("kernels/kernel.py", { ...plan, digest: NO_DIGEST }), path);
    const digest = sha256(draft).slice(0, NO_DIGEST.length);
    const code = draft.replaceAll(NO_DIGEST, digest);
    known = { name: plan.name, code, hash: sha256(code) };
    codes.set(key, known);
  }
  return known;
}

/** Where a kernel file comes from; `source` is missing where it is asked for by itself. */
export interface KernelOrigin {
  readonly command: string;
  readonly source?: string | undefined;
}

/**
 * One self-contained kernel file, named after the kernel. Its header has the kernel's own hash, so
 * that the file is the same, byte for byte, whatever else of its network changes.
 */
export function emitKernel(spec: KernelSpec, { command, source }: KernelOrigin): EmittedFile {
  const { name, code, hash } = kernelCode(spec);
  return { path: `${name}.py`, text: header({ source, hash, command }, "Kernel") + code };
}

/** SHA-256 of the kernel's code without its header: what certificates are kept under. */
export function kernelHash(spec: KernelSpec): string {
  return kernelCode(spec).hash;
}
