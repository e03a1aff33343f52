import type { Experiment } from "../../ir/experiment.js";

/**
 * Images that an experiment trains on in all; `null` where only the data on the disk say how many
 * there are.
 */
export function trainingImages({
  recipe,
  data,
}: Pick<Experiment, "recipe" | "data">): number | null {
  const { steps, epochs, batch } = recipe;
  if (steps !== null) return steps * batch;
  const size = sizeOf(data);
  if (epochs === null || size === null) return null;
  // Incomplete batches are dropped, unless there is no other (docs/decisions.md, 18).
  return epochs * (size < batch ? size : Math.floor(size / batch) * batch);
}

function sizeOf(data: Experiment["data"]): number | null {
  if (data.type === "digits") return data.train;
  return data.type === "webdataset" ? data.trainSize : null;
}
