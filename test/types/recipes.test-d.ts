/** What the editor refuses of published recipes; see mixers.test-d.ts. */
import {
  digits,
  experiment,
  pelk,
  type Recipe,
  type RecipeOptions,
  type RecipeOverrides,
  recipe,
  type Sparsity,
  slak,
  sparsity,
} from "fovea";

recipe.slak("tiny");
recipe.slak("small", { epochs: 120 });
recipe.pelk("base", { epochs: 300, accumulate: 32, augment: { mixup: 0 } });
recipe.convnext("tiny", { amp: "bf16" });
recipe.replknet("31b", { epochs: 300 });
recipe.ade20k("tiny", { steps: 80_000 });
recipe.coco("base", { epochs: 12, milestones: [8, 11] });
recipe.voc("tiny", {});
recipe.digits();
recipe.digits({ steps: 100, epochs: 7 });

// Whole and plain: every option is there, and any can be another.
const whole: Recipe = recipe.slak("tiny");
const rate: number = whole.lr;
const other: RecipeOptions = { ...recipe.slak("tiny"), epochs: 90 };
const overrides: RecipeOverrides<120 | 300> = { epochs: 120 };
const sparse: Sparsity = sparsity.slak("tiny", { amount: 0.5 });
experiment({ name: "a", network: pelk("tiny"), data: digits(), recipe: recipe.pelk("tiny") });
experiment({
  name: "a",
  network: slak("tiny"),
  data: digits(),
  recipe: recipe.slak("tiny", overrides),
  sparsity: sparsity.slak("tiny"),
});
void [rate, other, sparse];

// @ts-expect-error
recipe.slak("tiny", { epochs: 90 });
// @ts-expect-error
recipe.pelk("tiny", { epochs: null });
// @ts-expect-error
recipe.replknet("31b", { epochs: 120 });
// @ts-expect-error
recipe.slak("huge");
// @ts-expect-error
recipe.replknet("xl");
// @ts-expect-error
recipe.slak();
// @ts-expect-error
recipe.slak("tiny", { learningRate: 1 });
// @ts-expect-error
recipe.slak("tiny", { schedule: "exponential" });
// @ts-expect-error
recipe.coco("tiny", { augment: { mixUp: 1 } });
// @ts-expect-error
recipe.digits("tiny");
// @ts-expect-error
recipe.swin("tiny");
// @ts-expect-error
recipe.pelk101("tiny");
// @ts-expect-error
sparsity.slak("31b");
// @ts-expect-error
sparsity.convnext("tiny");
// @ts-expect-error
sparsity.pelk("tiny", { amnt: 0.5 });
