import { FoveaError } from "../ir/error.js";
import type { Recipe } from "../ir/recipe.js";

type Parts = Pick<Recipe, "batch" | "accumulate" | "augment">;

/** How a batch is cut: `uneven` where it cannot be, `odd` where mixup finds no pairs in a piece. */
export type Cut = "even" | "uneven" | "odd";

/** Whether a step's batch can be cut into the pieces of a number of processes. */
export function cutOf({ batch, accumulate, augment }: Parts, processes = 1): Cut {
  const pieces = accumulate * processes;
  if (batch % pieces !== 0) return "uneven";
  const pairs = augment.mixup > 0 || augment.cutmix > 0;
  return pairs && (batch / pieces) % 2 !== 0 ? "odd" : "even";
}

/**
 * A recipe whose batch one process can cut.
 *
 * @throws FoveaError FOV0001
 */
export function checkPieces(recipe: Parts): void {
  const { batch, accumulate } = recipe;
  const cut = cutOf(recipe);
  if (cut === "uneven") {
    throw new FoveaError({
      code: "FOV0001",
      path: "recipe.accumulate",
      value: accumulate,
      message: `recipe.batch ${batch} cannot be cut into ${accumulate} equal pieces`,
      allowed: `a divisor of ${batch}`,
      fix: `write accumulate: ${divisorBelow(batch, accumulate)}`,
    });
  }
  if (cut === "odd") {
    const piece = batch / accumulate;
    const pieces = accumulate === 1 ? "" : ` in ${accumulate} pieces`;
    throw new FoveaError({
      code: "FOV0001",
      path: "recipe.batch",
      value: batch,
      message: `mixup and cutmix pair the images of a piece, and recipe.batch ${batch}${pieces} gives ${piece} of them`,
      allowed: "an even number of images in each piece",
      fix: `write batch: ${accumulate * (piece + 1)}`,
    });
  }
}

function divisorBelow(number: number, most: number): number {
  let divisor = Math.min(number, most);
  while (number % divisor !== 0) divisor -= 1;
  return divisor;
}
