/**
 * Which settings a record has, in their order. Runs have few shapes and many values: an index keeps
 * each shape once, and finds a setting's place in it once for all of its runs.
 */
export class SettingsShape {
  readonly paths: readonly string[];
  #places = new Map<string, readonly number[]>();

  constructor(paths: readonly string[]) {
    this.paths = paths;
  }

  /**
   * Places of a path. In it, `[*]` stands for every place of a list.
   */
  places(path: string): readonly number[] {
    const known = this.#places.get(path);
    if (known !== undefined) return known;
    const found = this.paths.flatMap((each, index) =>
      each === path || (path.includes("[*]") && starred(each) === path) ? [index] : [],
    );
    this.#places.set(path, found);
    return found;
  }

  /** Whether there is a setting below a path, such as `sparsity.amount` below `sparsity`. */
  hasBelow(path: string): boolean {
    const at = path.includes("[*]") ? starred : (each: string): string => each;
    return this.paths.some((each) => {
      const seen = at(each);
      return seen.startsWith(`${path}.`) || seen.startsWith(`${path}[`);
    });
  }
}

/** A path with every place of a list as `[*]`. */
export function starred(path: string): string {
  return path.replaceAll(/\[\d+\]/g, "[*]");
}
