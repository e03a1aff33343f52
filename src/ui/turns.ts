/** Visits many things a part at a time, each as often as every other. */
export class Turns<T> {
  #all: () => Iterable<T>;
  #visit: (item: T) => void;
  #left: Iterator<T> | null = null;

  /** @param all - asked again at the beginning of every round */
  constructor(all: () => Iterable<T>, visit: (item: T) => void) {
    this.#all = all;
    this.#visit = visit;
  }

  /** Goes on where it stopped, until a time of `performance.now()` or the end of the round. */
  take(until: number): void {
    this.#left ??= this.#all()[Symbol.iterator]();
    do {
      const { value, done } = this.#left.next();
      if (done === true) {
        this.#left = null;
        return;
      }
      this.#visit(value);
    } while (performance.now() < until);
  }
}
