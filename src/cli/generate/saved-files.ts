import { statSync } from "node:fs";

/**
 * Files that a declaration is made from, with what tells a saved one from what it was. A watcher
 * leaves out a save that follows another at once, as where an editor formats, and one in a folder
 * that it does not watch yet.
 */
export class SavedFiles {
  readonly #known = new Map<string, string>();

  /** @param file - the first of them, absolute */
  constructor(file: string) {
    this.add([file]);
  }

  /** Takes further files in, as they are now. */
  add(files: readonly string[]): void {
    for (const file of files) if (!this.#known.has(file)) this.#known.set(file, sign(file));
  }

  /** From now on all count as they are now. */
  look(): void {
    for (const file of this.#known.keys()) this.#known.set(file, sign(file));
  }

  /** Whether one was saved since it was looked at. */
  differ(): boolean {
    return [...this.#known].some(([file, known]) => sign(file) !== known);
  }
}

function sign(file: string): string {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.ino} ${stats.size} ${stats.mtimeNs}`;
}
