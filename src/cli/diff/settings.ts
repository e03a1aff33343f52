import { canonicalJson } from "../../ir/hash.js";
import { isPeer, type Trainable } from "../../ir/trainable.js";
import { flatten } from "../../runs/settings.js";
import type { Operand } from "./operand.js";

/** A setting or a figure that is not the same; `null` where one side has none. */
export interface ValueDifference {
  readonly path: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** How much of two things is compared. */
export type Scope = "experiments" | "networks";

/** Experiments where both are of one, else their networks. */
export function scopeOf(a: Operand, b: Operand): Scope {
  return a.experiment !== null && b.experiment !== null ? "experiments" : "networks";
}

/** Settings that differ, by dotted path. Of a network and a peer only what both have is compared. */
export function settingDifferences(a: Operand, b: Operand): readonly ValueDifference[] {
  const alike = a.trainable.kind === b.trainable.kind;
  const [left, right] = [a, b].map(({ experiment, trainable }) => {
    const network = alike ? trainable : common(trainable);
    if (scopeOf(a, b) === "networks") return network;
    return { ...experiment, network };
  });
  return valueDifferences(left, right);
}

/** Values that are not the same in two objects, by dotted path. */
export function valueDifferences(a: unknown, b: unknown): readonly ValueDifference[] {
  const [left, right] = [flatten(a), flatten(b)];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((path) => {
    const [before, after] = [left.get(path) ?? null, right.get(path) ?? null];
    return canonicalJson(before) === canonicalJson(after) ? [] : [{ path, a: before, b: after }];
  });
}

/** What a network of ours and a model of timm both say of themselves. */
function common(trainable: Trainable): object {
  const { kind, name, input, dropPath } = trainable;
  const classes = isPeer(trainable) ? trainable.classes : trainable.head.classes;
  return { kind, name, input, dropPath, classes };
}
