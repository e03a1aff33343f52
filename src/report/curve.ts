/** One point of a curve. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Values by step, held as plain numbers: a run may have a million. */
export class Curve {
  #x: number[] = [];
  #y: number[] = [];

  get length(): number {
    return this.#x.length;
  }

  /** `null` where there is none. */
  get last(): Point | null {
    return this.length === 0 ? null : this.#at(this.length - 1);
  }

  /** Whether all values are above 0: they can stand on a logarithmic scale. */
  get isPositive(): boolean {
    return this.#y.every((y) => y > 0);
  }

  /** The value of a step, or of the last one before it. */
  valueAt(x: number): number | null {
    let [least, most] = [0, this.length];
    while (least < most) {
      const middle = (least + most) >> 1;
      if ((this.#x[middle] ?? 0) <= x) least = middle + 1;
      else most = middle;
    }
    return least === 0 ? null : this.#at(least - 1).y;
  }

  /** A value that is not finite leaves a gap. */
  add(x: number, y: number | null): void {
    if (y === null) return;
    this.#x.push(x);
    this.#y.push(y);
  }

  /** Drops what was measured after a step: it is measured again. */
  forgetAfter(x: number): void {
    let keep = this.#x.length;
    while (keep > 0 && (this.#x[keep - 1] ?? 0) > x) keep -= 1;
    this.#x.length = keep;
    this.#y.length = keep;
  }

  /**
   * The curve in at most about `most` points: of every stretch, the lowest and the highest one, so
   * that no peak is lost.
   */
  points(most = 1000): readonly Point[] {
    const { length } = this;
    if (length <= most) return Array.from({ length }, (_, index) => this.#at(index));
    const stretch = Math.ceil((2 * length) / most);
    const kept: number[] = [];
    for (let start = 0; start < length; start += stretch) {
      let [low, high] = [start, start];
      for (let index = start; index < Math.min(start + stretch, length); index += 1) {
        const y = this.#y[index] ?? 0;
        if (y < (this.#y[low] ?? 0)) low = index;
        if (y > (this.#y[high] ?? 0)) high = index;
      }
      kept.push(...(low === high ? [low] : [Math.min(low, high), Math.max(low, high)]));
    }
    if (kept.at(-1) !== length - 1) kept.push(length - 1);
    return kept.map((index) => this.#at(index));
  }

  #at(index: number): Point {
    return { x: this.#x[index] ?? 0, y: this.#y[index] ?? 0 };
  }
}
