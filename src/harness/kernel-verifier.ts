import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Manifest } from "../ir/manifest.js";
import type { Python } from "../launch/python.js";
import { verifyKernels } from "./verify-kernels.js";

type Found = { readonly passed: boolean; readonly summary: string };

/**
 * Verifies the kernels of packages for as long as a command runs. A kernel that holds is not asked
 * for again, nor is a package's set of kernels that does not hold: Python takes seconds to start.
 */
export class KernelVerifier {
  readonly #python: Python;
  readonly #held = new Set<string>();
  readonly #asked = new Map<string, Promise<Found>>();

  constructor(python: Python) {
    this.#python = python;
  }

  /**
   * @param signal - gives up; the next one who asks starts anew
   * @returns what is wrong with the package's kernels; `null` where they hold
   */
  async problemOf(
    folder: string,
    device: "cpu" | "cuda",
    signal: AbortSignal,
    note: (text: string) => void,
  ): Promise<string | null> {
    const kernels = kernelsOf(folder)?.map((hash) => `${device} ${hash}`);
    if (kernels?.every((kernel) => this.#held.has(kernel))) return null;
    const key = kernels?.join(" ") ?? folder;
    const before = this.#asked.get(key);
    const found = before ?? this.#ask(folder, device, signal, note);
    this.#asked.set(key, found);
    try {
      const { passed, summary } = await found;
      if (signal.aborted) this.#asked.delete(key);
      else if (passed) for (const kernel of kernels ?? []) this.#held.add(kernel);
      if (passed && before === undefined) note(summary);
      return passed ? null : summary;
    } catch (error) {
      this.#asked.delete(key);
      throw error;
    }
  }

  #ask(
    folder: string,
    device: "cpu" | "cuda",
    signal: AbortSignal,
    note: (text: string) => void,
  ): Promise<Found> {
    note("verifying the kernels");
    return verifyKernels([folder], { python: this.#python, device, onNote: note, signal });
  }
}

/** Hashes of a package's kernels; `null` where its manifest cannot be read. */
function kernelsOf(folder: string): readonly string[] | null {
  try {
    const manifest = Manifest.parse(
      JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")),
    );
    return manifest.kernels.map(({ hash }) => hash).sort();
  } catch {
    return null;
  }
}
