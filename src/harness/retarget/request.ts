import type { SourceLocation } from "../../ir/error.js";
import type { Size } from "../../ir/grid.js";
import type { Network } from "../../ir/network.js";
import type { FindOrigins } from "../../load/origins.js";

/** What is asked of a stage; what is not given stays. */
export interface StageChange {
  /** Height and width in taps, odd. */
  readonly kernel?: Size;
  /** Side of the square whose taps are not shared, odd. */
  readonly centre?: number;
  /** An explicit grid in the mixer's place, cells in taps. */
  readonly grid?: { readonly rows: readonly number[]; readonly columns: readonly number[] };
}

/** Sizes that a network is to have. */
export interface Wishes {
  /** One entry a stage; a stage without one stays. */
  readonly stages: readonly (StageChange | undefined)[];
  /** Height and width of the input in pixels. */
  readonly resolution?: Size;
}

/** What `fovea retarget` asks for. */
export interface RetargetRequest {
  /** The file or shipped name as typed. */
  readonly target: string;
  readonly cwd: string;
  /** Name of the network, where there are several. */
  readonly network: string | undefined;
  /** Says what is asked of the network as it is declared now. */
  readonly ask: (network: Network) => Wishes;
  /** Whether what is computed may be written out. */
  readonly override: boolean;
  /** Whether a value that other networks use may be written out for this one. */
  readonly split: boolean;
  readonly note: (text: string) => void;
}

/** A source file before and after. */
export interface SourceEdit {
  /** Absolute. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** A declared value that changes, and where it was written. */
export interface ValueChange {
  /** `mixers[1].kernel` */
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly location: SourceLocation;
  /** What was changed, in words: `the constant SIDES`. */
  readonly how: string;
}

/** How a file of the user's is to change, and what its network becomes. Nothing is written. */
export interface RetargetPlan {
  /** Base name of the file, or the shipped name. */
  readonly source: string;
  /** Absolute; `null` for what is shipped, which has no edits. */
  readonly file: string | null;
  readonly before: Network;
  readonly after: Network;
  /** None where everything is as asked already. */
  readonly edits: readonly SourceEdit[];
  readonly changes: readonly ValueChange[];
  /** Every network of the file as it is after the edits. */
  readonly networks: readonly Network[];
  /** Where networks and mixers are declared, before the edits and after them. */
  readonly origins: { readonly before: FindOrigins; readonly after: FindOrigins };
}
