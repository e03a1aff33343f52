import { type GridPair, type Size, sha256 } from "../ir/index.js";
import { planKernel } from "../plan/kernel.js";
import { kernelName } from "../plan/kernel-name.js";
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

/** Keeps kernels' code, by all that it depends on beside fovea itself. */
export interface KernelCodes {
  find(key: string): string | undefined;
  keep(key: string, code: string): void;
}

/** Of this process. */
const codes = new Map<string, KernelCode>();

function kernelCode(spec: KernelSpec, kept?: KernelCodes): KernelCode {
  const { pair, maps, tuned = [] } = spec;
  const key = JSON.stringify([pair.rows, pair.columns, maps, tuned]);
  const known = codes.get(key);
  if (known !== undefined) return known;
  const before = kept?.find(key);
  const code = before ?? printKernel(spec);
  if (before === undefined) kept?.keep(key, code);
  const made = { name: kernelName(pair), code, hash: sha256(code) };
  codes.set(key, made);
  return made;
}

function printKernel({ pair, maps, tuned = [] }: KernelSpec): string {
  const plan = planKernel(pair, maps, tuned);
  const path = `${plan.name}.py`;
  const draft = formatPython(render("kernels/kernel.py", { ...plan, digest: NO_DIGEST }), path);
  const digest = sha256(draft).slice(0, NO_DIGEST.length);
  return draft.replaceAll(NO_DIGEST, digest);
}

/** Where a kernel file comes from; `source` is missing where it is asked for by itself. */
export interface KernelOrigin {
  readonly command: string;
  readonly source?: string | undefined;
}

/**
 * One self-contained kernel file, named after the kernel. Its header has the kernel's own hash, so
 * that the file is the same, byte for byte, whatever else of its network changes.
 *
 * @param kept - code that was printed before, and takes what is printed now
 */
export function emitKernel(
  spec: KernelSpec,
  { command, source }: KernelOrigin,
  kept?: KernelCodes,
): EmittedFile {
  const { name, code, hash } = kernelCode(spec, kept);
  return { path: `${name}.py`, text: header({ source, hash, command }, "Kernel") + code };
}

/** SHA-256 of the kernel's code without its header: what certificates are kept under. */
export function kernelHash(spec: KernelSpec): string {
  return kernelCode(spec).hash;
}
