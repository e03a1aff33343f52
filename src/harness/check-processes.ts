import { cutOf } from "../dsl/check-pieces.js";
import { FoveaError } from "../ir/error.js";
import type { Recipe } from "../ir/recipe.js";
import type { LaunchOptions } from "../ir/run.js";

/**
 * Whether a recipe's batch can be shared among the processes that are to train it.
 *
 * @param fixed - the recipe cannot be changed: the run goes on
 * @throws FoveaError FOV0040 with numbers of processes and a batch that fit
 */
export function checkProcesses(
  recipe: Recipe,
  { processes, nodes }: Pick<LaunchOptions, "processes" | "nodes">,
  fixed: boolean,
): void {
  const fits = (perNode: number): boolean => cutOf(recipe, perNode * nodes) === "even";
  const cut = cutOf(recipe, processes * nodes);
  if (cut === "even") return;
  const { batch, accumulate } = recipe;
  const all = processes * nodes;
  const unit = all * accumulate * (cut === "odd" ? 2 : 1);
  const words = `${all} processes × ${accumulate} ${accumulate === 1 ? "piece" : "pieces"}`;
  const fewer = below(processes, fits);
  const fixes = [
    ...(fewer === null ? [] : [`run with --nproc ${fewer}`]),
    ...(fixed ? [] : [`write --set recipe.batch=${Math.ceil(batch / unit) * unit}`]),
  ];
  throw new FoveaError({
    code: "FOV0040",
    message:
      cut === "uneven"
        ? `recipe.batch ${batch} cannot be cut into equal pieces for ${words}`
        : `mixup and cutmix pair the images of a piece, and recipe.batch ${batch} for ${words} gives ${batch / (all * accumulate)} of them`,
    path: "--nproc",
    value: processes,
    allowed:
      cut === "uneven"
        ? `processes and pieces whose product divides ${batch}`
        : "an even number of images in each piece",
    ...(fixes.length === 0 ? {} : { fix: fixes.join(", or ") }),
  });
}

function below(processes: number, fits: (processes: number) => boolean): number | null {
  for (let fewer = processes - 1; fewer > 0; fewer -= 1) if (fits(fewer)) return fewer;
  return null;
}
