import { LIMITS } from "../ir/limits.js";

/**
 * Sides of peripheral kernels whose cells are all whole: `centre + 2 · (base + base² + …)`, so
 * that nothing is left over for an outermost cell of another width.
 */
export function exactSides(centre: number, base: number): readonly number[] {
  const sides: number[] = [];
  let side = centre;
  for (let cell = base; side <= LIMITS.kernelSide; cell *= base) {
    sides.push(side);
    side += 2 * cell;
  }
  return sides;
}

/** The exact sides on both sides of a side that is none itself; empty for one that is. */
export function exactSidesAround(
  side: number,
  { centre, base }: { readonly centre: number; readonly base: number },
): readonly number[] {
  const sides = exactSides(centre, base);
  if (side <= centre || sides.includes(side)) return [];
  const below = sides.findLast((each) => each < side);
  const above = sides.find((each) => each > side);
  return [below, above].filter((each) => each !== undefined);
}
