/**
 * What the editor can say of literal numbers and lists. A type that is no literal (`number`,
 * `number[]`) passes: the run-time checks see its value. Each refusal is a sentence, so that the
 * compiler's message reads as one.
 */

type OddDigit = 1 | 3 | 5 | 7 | 9;

/** The number itself where its literal may be an odd count, else what is wrong. */
export type Odd<N, What extends string> = N extends number
  ? number extends N
    ? N
    : `${N}` extends `-${string}` | `${string}.${string}` | `${string}e${string}`
      ? `${What} is an odd whole number, not ${N}`
      : `${N}` extends `${string}${OddDigit}`
        ? N
        : `${What} is an odd whole number, not ${N}`
  : N;

/** A kernel's height and width, each odd. */
export type OddSides<H, W> = readonly [Odd<H, "a kernel's height">, Odd<W, "a kernel's width">];

/** A centre that is odd and no wider than any of the kernel's sides, given as a tuple. */
export type FittingCentre<C, Sides> = C extends number
  ? number extends C
    ? C
    : Odd<C, "a centre"> extends number
      ? Exceeds<C, Sides> extends true
        ? `a centre is no wider than its kernel, not ${C}`
        : C
      : Odd<C, "a centre">
  : C;

/** A list with as many entries as another. */
export type AsLong<
  L extends readonly unknown[],
  O extends readonly unknown[],
  Other extends string,
> = number extends L["length"]
  ? L
  : number extends O["length"]
    ? L
    : L["length"] extends O["length"]
      ? L
      : `as many entries as ${Other} has: ${O["length"]}, not ${L["length"]}`;

/** Whether the literal is greater than any of a tuple's; those that are no literals do not count. */
type Exceeds<C extends number, Sides> = Sides extends readonly [infer Side, ...infer More]
  ? Side extends number
    ? number extends Side
      ? Exceeds<C, More>
      : Greater<`${C}`, `${Side}`> extends true
        ? true
        : Exceeds<C, More>
    : Exceeds<C, More>
  : false;

/** Compares whole numbers of at most four digits, the first digit that differs deciding. */
type Greater<A extends string, B extends string> =
  FourDigits<A> extends [infer A0, infer A1, infer A2, infer A3]
    ? FourDigits<B> extends [infer B0, infer B1, infer B2, infer B3]
      ? A0 extends B0
        ? A1 extends B1
          ? A2 extends B2
            ? Above<A3, B3>
            : Above<A2, B2>
          : Above<A1, B1>
        : Above<A0, B0>
      : false
    : false;

type FourDigits<T extends string> = T extends `${infer A}${infer B}${infer C}${infer D}`
  ? D extends ""
    ? ["0", A, B, C]
    : [A, B, C, D]
  : T extends `${infer A}${infer B}${infer C}`
    ? C extends ""
      ? ["0", "0", A, B]
      : never
    : ["0", "0", "0", T];

/** Whether one digit is greater than another. */
type Above<A, B> = A extends B
  ? false
  : A extends string
    ? B extends string
      ? "0123456789" extends `${string}${B}${string}${A}${string}`
        ? true
        : false
      : false
    : false;
