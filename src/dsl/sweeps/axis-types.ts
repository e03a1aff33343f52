import type { Experiment, ExperimentOf } from "../../ir/experiment.js";
import type { Trainable } from "../../ir/trainable.js";
import type { Odd, OddSides } from "../literals.js";
import type { NetworkSettings } from "../network.js";
import type { RecipeOptions } from "../recipe.js";
import type { SparsityOptions } from "../sparsity.js";

/** An option that an axis can set: its dotted path, and what it may be. */
interface Place<P extends string, V> {
  readonly path: P;
  readonly value: V;
}

/** Parts that may be given as the DSL's functions take them, to be completed by defaults. */
interface Completed {
  readonly network: Trainable;
  readonly "network.block": NonNullable<NetworkSettings["block"]>;
  readonly recipe: RecipeOptions;
  readonly "recipe.augment": NonNullable<RecipeOptions["augment"]>;
  readonly sparsity: SparsityOptions | null;
}

type PlaceAt<T, P extends string> =
  | Place<P, P extends keyof Completed ? Completed[P] : Immutable<T>>
  | PlacesBelow<T, P>;

/** Of a list, every entry (`[*]`) and each by its number; of an object, what nobody types is left out. */
type PlacesBelow<T, P extends string> = T extends readonly (infer Entry)[]
  ? PlaceAt<Entry, `${P}[*]`> | PlaceAt<Entry, `${P}[${number}]`>
  : T extends object
    ? {
        [K in Exclude<keyof T & string, "kind" | "type">]: PlaceAt<
          T[K],
          P extends "" ? K : `${P}.${K}`
        >;
      }[Exclude<keyof T & string, "kind" | "type">]
    : never;

type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;

/** Every place of an experiment that trains such a network. */
type Places<N extends Trainable> =
  | PlacesBelow<Omit<Experiment, "network">, "">
  | PlaceAt<N, "network">;

/** Makes a value of what the axes before it made of the base, and of their values by their paths. */
type MakeValue<N extends Trainable, V> = (
  experiment: ExperimentOf<N>,
  axes: Readonly<Record<string, unknown>>,
) => V;

/** The axes that there are, with the values that each takes. */
export type AxesOf<N extends Trainable> = {
  readonly [A in Places<N> as A["path"]]?: readonly (A["value"] | MakeValue<N, A["value"]>)[];
};

/** Sides that are odd, which the editor says of literals. */
type OddPath = `network.mixers[${string}].${"kernel" | "centre" | "branch" | "width"}`;

type OddValue<V> = V extends readonly [infer H, infer W] ? OddSides<H, W> : Odd<V, "this side">;

/** A mapped type keeps a list a list only where the list is a parameter. */
type OddList<L> = { readonly [I in keyof L]: OddValue<L[I]> };

/** Axes as they were written, with a sentence in place of what is wrong with one. */
export type CheckedAxes<N extends Trainable, O> = {
  readonly [P in keyof O]: P extends keyof AxesOf<N>
    ? P extends OddPath
      ? OddList<O[P]>
      : O[P]
    : `there is no setting ${P & string}`;
};

/** The values of a run by the axes' paths: of a function, what it gives. */
export type AxisValues<O> = {
  readonly [P in keyof O]: O[P] extends readonly (infer V)[]
    ? V extends (...given: never) => infer Made
      ? Made
      : V
    : unknown;
};
