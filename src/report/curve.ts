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

  /** Where there are values, in ascending order. */
  get xs(): readonly number[] {
    return this.#x;
  }

  /** Mean of the values from one step to another, both included; `null` where there is none. */
  between(from: number, to: number): number | null {
    let index = this.#from(from);
    let sum = 0;
    const start = index;
    for (; index < this.length && (this.#x[index] ?? 0) <= to; index += 1)
      sum += this.#y[index] ?? 0;
    return index === start ? null : sum / (index - start);
  }

  /** The first place that is not before a step. */
  #from(x: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#x[middle] ?? 0) < x) low = middle + 1;
      else high = middle;
    }
    return low;
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
    const next = this.#from(x);
    const at = this.#x[next] === x ? next : next - 1;
    return this.#y[at] ?? null;
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
