import * as fc from "fast-check";

/** Choices that a program is made of: fast-check draws them, and shrinks them to the first ones. */
export class Dice {
  readonly #rolls: readonly number[];
  #next = 0;

  constructor(rolls: readonly number[]) {
    this.#rolls = rolls;
  }

  /** A whole number from 0 to below `sides`. */
  below(sides: number): number {
    const roll = this.#rolls[this.#next] ?? 0;
    this.#next += 1;
    return roll % sides;
  }

  pick<T>(list: readonly [T, ...T[]]): T;
  pick<T>(list: readonly T[]): T | undefined;
  pick<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }

  /** True once in `sides` times. */
  once(sides: number): boolean {
    return this.below(sides) === sides - 1;
  }
}

const ROLLS = { minLength: 30, maxLength: 160, size: "max" } as const;

export const anyDice: fc.Arbitrary<readonly number[]> = fc.array(fc.nat(9999), ROLLS);
