import type { Network } from "../../../src/ir/index.js";
import type { Value } from "./values.js";

/** An option of a network's and the values that are written for it: height and width, or both in one. */
export interface Use {
  /** Name of the network. */
  readonly network: string;
  /** `undefined` for the input's size. */
  readonly stage: number | undefined;
  readonly option: "kernel" | "centre" | "size";
  readonly values: readonly Value[];
  /** Whether other networks take it over from this one, so that it has no place of its own. */
  inherited: boolean;
}

/** A network as a program declares it. */
export interface Declared {
  /** What it is, built without the DSL. */
  readonly network: Network;
  /** The identifier that holds it. */
  readonly name: string;
  readonly uses: readonly Use[];
}

/** Files that declare networks, and what they declare. */
export interface Program {
  /** Texts by name. */
  readonly files: ReadonlyMap<string, string>;
  readonly entry: string;
  /** Those that the default export hands out, in their order. */
  readonly networks: readonly Network[];
  /** Names of networks that are handed out in any way. */
  readonly seen: ReadonlySet<string>;
  readonly uses: readonly Use[];
  /** Whether images are square because of the data. */
  readonly square: boolean;
  /** Names of the forms that it is written in. */
  readonly forms: readonly string[];
}
