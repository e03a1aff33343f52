import type { Recipe } from "../ir/recipe.js";

/** How the images of an optimizer step are shared out, and the learning rate that goes with it. */
export interface EffectiveBatch {
  /** Images a step, whatever the number of processes. */
  readonly batch: number;
  readonly processes: number;
  /** Pieces that a process computes one after the other. */
  readonly accumulate: number;
  /** Images a piece. */
  readonly piece: number;
  /** The highest of the schedule. */
  readonly lr: number;
}

/** A recipe's step on a number of processes; the batch is theirs together. */
export function effectiveBatch(recipe: Recipe, processes: number): EffectiveBatch {
  const { batch, accumulate } = recipe;
  const piece = batch / (accumulate * processes);
  return { batch, processes, accumulate, piece, lr: recipe.lr * lrFactor(recipe) };
}

/** What `lrScaling` multiplies learning rates by. */
function lrFactor({ batch, lrScaling }: Recipe): number {
  if (lrScaling === false) return 1;
  const ratio = batch / lrScaling.batch;
  return lrScaling.rule === "linear" ? ratio : Math.sqrt(ratio);
}
