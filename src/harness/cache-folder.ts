import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeFiles } from "../disk/write-files.js";
import { cacheDirectory } from "../launch/cache-dir.js";

/** A folder of FOVEA_CACHE in which so many files are kept, the youngest. */
export class CacheFolder {
  readonly #name: string;
  readonly #most: number;

  constructor(name: string, most: number) {
    this.#name = name;
    this.#most = most;
  }

  path(file: string): string {
    return join(this.#folder(), file);
  }

  /** Keeps a file; where the cache refuses, nothing is kept: it saves time, and nothing depends on it. */
  put(file: string, text: string): void {
    try {
      writeFiles(this.#folder(), [{ path: file, text }]);
      this.#forgetOldest();
    } catch {
      // The next command does without.
    }
  }

  #folder(): string {
    return join(cacheDirectory(), this.#name);
  }

  #forgetOldest(): void {
    const files = readdirSync(this.#folder()).map((name) => this.path(name));
    if (files.length <= this.#most) return;
    const age = new Map(files.map((file) => [file, statSync(file).mtimeMs]));
    const oldest = files.sort((a, b) => (age.get(a) ?? 0) - (age.get(b) ?? 0));
    for (const file of oldest.slice(0, files.length - this.#most / 2))
      rmSync(file, { force: true });
  }
}
