import { canonicalJson } from "../../ir/hash.js";
import type { Trainable } from "../../ir/trainable.js";
import { noOrigins } from "../../load/origins.js";
import { makeCards } from "../inspect/cards.js";
import type { Operand } from "./operand.js";
import { type ValueDifference, valueDifferences } from "./settings.js";

/**
 * Figures that follow from settings and are not the same: parameters, multiply-adds, receptive field.
 * A peer's are counted in Python.
 *
 * @throws FoveaError FOV0060 where Python is missing and one side is a peer, FOV0062 where timm
 *   cannot build it
 */
export async function figureDifferences(
  a: Operand,
  b: Operand,
): Promise<readonly ValueDifference[]> {
  if (canonicalJson(a.trainable) === canonicalJson(b.trainable)) return [];
  const [left, right] = await makeCards([target(a.trainable), target(b.trainable)], undefined);
  return valueDifferences(left && figures(left), right && figures(right));
}

function figures(card: Awaited<ReturnType<typeof makeCards>>[number]): object {
  const { params, macs } = card;
  const field = "receptiveField" in card ? { receptiveField: card.receptiveField.size } : {};
  return { params, macs, ...field };
}

/** As `inspect` takes it; no file is known, so that a mistake in it is told without a place. */
function target(trainable: Trainable): Parameters<typeof makeCards>[0][number] {
  return {
    source: trainable.name,
    file: null,
    files: [],
    origins: noOrigins,
    trainables: [trainable],
    experiment: null,
    sweep: null,
  };
}
