import type { SweepPoint } from "../../ir/sweep.js";
import { countPoints } from "./point-counts.js";
import type { SweepRequest } from "./sweep-request.js";
import { trainingImages } from "./training-images.js";

/**
 * What orders points by what they cost: multiply-adds of the whole training, or of one image where
 * only the data on the disk say how many there are. Nothing is counted for an order without costs.
 *
 * @throws FoveaError those of {@link countPoints}
 */
export async function pointCosts(
  request: Pick<SweepRequest, "order" | "cwd" | "place">,
  points: readonly SweepPoint[],
): Promise<(point: SweepPoint) => number> {
  if (request.order !== "cheapest" && request.order !== "costliest") return () => 0;
  const countsOf = await countPoints(points, request);
  return ({ experiment }) =>
    countsOf(experiment).macs * (trainingImages(experiment) ?? experiment.recipe.epochs ?? 1);
}
