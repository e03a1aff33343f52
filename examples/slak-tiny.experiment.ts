/**
 * SLaK-T as published, 120 epochs of the ablations, on ImageNet-1K in its own layout:
 * `fovea run examples/slak-tiny.experiment.ts`, where data/imagenet is.
 */
import { experiment, imageFolder, recipe, slak, sparsity } from "fovea";

export default experiment({
  name: "slak-tiny-120",
  network: slak("tiny"),
  task: "classification",
  data: imageFolder({ root: "data/imagenet", workers: 16 }),
  // 4096 images a step in 32 pieces of 128, as on the authors' four GPUs with eight pieces each.
  recipe: recipe.slak("tiny", { epochs: 120, accumulate: 32 }),
  sparsity: sparsity.slak("tiny"),
  seed: 0,
});
