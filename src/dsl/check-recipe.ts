import { FoveaError } from "../ir/error.js";
import type { Recipe } from "../ir/recipe.js";
import { checkPieces } from "./check-pieces.js";

/**
 * What the parts of a recipe must agree on.
 *
 * @throws FoveaError FOV0001 of the first part that does not fit
 */
export function checkRecipe(recipe: Recipe): void {
  checkLength(recipe);
  checkSchedule(recipe);
  checkDecay(recipe);
  checkPieces(recipe);
}

function checkLength({ steps, epochs, warmupSteps, warmupEpochs }: Recipe): void {
  if (steps === null && epochs === null) {
    throw wrong("epochs", epochs, {
      message: "the recipe has neither steps nor epochs: training would have no end",
      allowed: "a whole number in steps or in epochs",
      fix: "write epochs: 30",
    });
  }
  if (steps !== null && warmupSteps !== null && warmupSteps >= steps) {
    throw wrong("warmupSteps", warmupSteps, {
      message: `recipe.warmupSteps ${warmupSteps} leaves nothing of ${steps} steps`,
      allowed: `a whole number from 0 to ${steps - 1}, or null`,
      fix: "write warmupSteps: null",
    });
  }
  if (steps === null && epochs !== null && warmupSteps === null && warmupEpochs !== null) {
    if (warmupEpochs < epochs) return;
    throw wrong("warmupEpochs", warmupEpochs, {
      message: `recipe.warmupEpochs ${warmupEpochs} leaves nothing of ${epochs} epochs`,
      allowed: `a whole number from 0 to ${epochs - 1}, or null`,
      fix: "write warmupEpochs: null",
    });
  }
}

function checkSchedule({ lr, minLr, schedule, milestones, steps, epochs }: Recipe): void {
  if (minLr > lr) {
    throw wrong("minLr", minLr, {
      message: `recipe.minLr ${minLr} is more than lr, ${lr}`,
      allowed: `a number from 0 to ${lr}`,
      fix: `write minLr: ${lr / 1000}`,
    });
  }
  if (schedule === "step" ? milestones.length === 0 : milestones.length > 0) {
    throw wrong("milestones", milestones, {
      message:
        schedule === "step"
          ? 'the schedule "step" has no milestones: the learning rate would never change'
          : `recipe.milestones belong to the schedule "step", and this is "${schedule}"`,
      allowed: schedule === "step" ? "a list of epochs" : "[]",
      fix: schedule === "step" ? "write milestones: [27, 33]" : 'write schedule: "step"',
    });
  }
  const late = milestones.findIndex((epoch, i) => i > 0 && epoch <= (milestones[i - 1] ?? 0));
  if (late >= 0) {
    throw wrong(`milestones[${late}]`, milestones[late], {
      message: `recipe.milestones[${late}] is not after the one before it`,
      allowed: `a whole number over ${milestones[late - 1]}`,
      fix: "write the epochs in their order",
    });
  }
  const never = milestones.findIndex((epoch) => epoch >= (epochs ?? Number.POSITIVE_INFINITY));
  if (steps === null && never >= 0) {
    throw wrong(`milestones[${never}]`, milestones[never], {
      message: `recipe.milestones[${never}] is not before the end, ${epochs} epochs`,
      allowed: `whole numbers from 1 to ${Number(epochs) - 1}, in their order`,
      fix: "write the epochs after which the learning rate falls, or other epochs",
    });
  }
}

function checkDecay({ layerDecay, stageDecay }: Recipe): void {
  if (layerDecay === false || stageDecay === false) return;
  throw wrong("stageDecay", stageDecay, {
    message: "recipe.layerDecay and recipe.stageDecay are both on: a layer can have one rate",
    allowed: "false where layerDecay is a number",
    fix: "write stageDecay: false",
  });
}

interface Answer {
  readonly message: string;
  readonly allowed: string;
  readonly fix: string;
}

function wrong(option: string, value: unknown, answer: Answer): FoveaError {
  return new FoveaError({ code: "FOV0001", path: `recipe.${option}`, value, ...answer });
}
