import { effectiveBatch } from "../analyse/effective-batch.js";
import type { Recipe } from "../ir/recipe.js";

/**
 * A step in one line, such as `batch 4096 = 8 processes × 2 pieces × 256 images; learning rate 0.004
 * (as written)`.
 */
export function effectiveBatchLine(recipe: Recipe, processes: number): string {
  const { batch, accumulate, piece, lr } = effectiveBatch(recipe, processes);
  const shares = [
    count(processes, "process", "processes"),
    count(accumulate, "piece", "pieces"),
    count(piece, "image", "images"),
  ].join(" × ");
  // Twelve digits hide what a double adds to 0.1 · 3.
  return `batch ${batch} = ${shares}; learning rate ${Number(lr.toPrecision(12))} (${origin(recipe)})`;
}

function origin({ lr, lrScaling }: Recipe): string {
  if (lrScaling === false) return "as written";
  const rule = lrScaling.rule === "linear" ? "linearly" : "by the square root";
  return `${lr} scaled ${rule} from batch ${lrScaling.batch}`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
