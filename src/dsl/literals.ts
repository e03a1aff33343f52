/**
 * What the editor can say of literal numbers and lists. A type that is no literal (`number`,
 * `number[]`) passes: the run-time checks see its value. Each refusal is a sentence, so that the
 * compiler's message reads as one.
 */

type OddDigit = 1 | 3 | 5 | 7 | 9;
type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";

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

/** A kernel's side, or its height and width, each odd. */
export type OddKernel<K, H, W> =
  | Odd<K, "a kernel's side">
  | readonly [Odd<H, "a kernel's height">, Odd<W, "a kernel's width">];

/** A centre that is odd and no wider than any of the kernel's sides. */
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

/** Whether the literal is greater than any of the others. */
type Exceeds<C extends number, Sides> = true extends (
  Sides extends number
    ? number extends Sides
      ? false
      : Greater<`${C}`, `${Sides}`>
    : false
)
  ? true
  : false;

/** Compares whole numbers of at most four digits, as text padded with noughts. */
type Greater<A extends string, B extends string> = GreaterDigits<Padded<A>, Padded<B>>;

type Padded<T extends string> = T extends `${Digit}${Digit}${Digit}${Digit}`
  ? T
  : T extends `${Digit}${Digit}${Digit}`
    ? `0${T}`
    : T extends `${Digit}${Digit}`
      ? `00${T}`
      : `000${T}`;

type GreaterDigits<A extends string, B extends string> = A extends `${infer HeadA}${infer RestA}`
  ? B extends `${infer HeadB}${infer RestB}`
    ? HeadA extends HeadB
      ? GreaterDigits<RestA, RestB>
      : "0123456789" extends `${string}${HeadB}${string}${HeadA}${string}`
        ? true
        : false
    : false
  : false;
