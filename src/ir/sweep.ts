import type { Experiment } from "./experiment.js";

/** One run of a sweep: the values on its axes, and the experiment that they make of the base. */
export interface SweepPoint {
  /** Values by the axes' dotted paths, in their order; of a function what it gave. */
  readonly axes: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** SHA-256 of the experiment's canonical JSON: its runs have the same. */
  readonly hash: string;
  readonly experiment: Experiment;
}

/** Experiments that belong together, expanded: in the order of the product, the first axis slowest. */
export interface Sweep {
  readonly kind: "sweep";
  /** What tables and reports call it; its runs are called by their experiment's name. */
  readonly name: string;
  /** Dotted paths into the experiment, such as `network.mixers[*].kernel`. */
  readonly axes: readonly string[];
  /** Each experiment once. */
  readonly points: readonly SweepPoint[];
}
