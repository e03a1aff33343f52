/**
 * What the ablations of PeLK's paper have in common: ImageNet-1K in its own layout, 120 epochs of
 * SLaK's recipe ("all the same"), 4096 images a step in 32 pieces of 128.
 */
import { experiment, imageFolder, type Network, recipe, type SparsityOptions } from "fovea";

export function ablation(name: string, network: Network, sparsity: SparsityOptions | null) {
  return experiment({
    name,
    network,
    task: "classification",
    data: imageFolder({ root: "data/imagenet", workers: 16 }),
    recipe: recipe.pelk("tiny", { epochs: 120, accumulate: 32 }),
    sparsity,
    seed: 0,
  });
}
