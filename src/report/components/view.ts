import type { RunStatus } from "../../ir/event.js";
import type { Spread } from "../../runs/seed-groups.js";
import type { TextTable } from "../table.js";

/**
 * What the components show: plain data that survives JSON, made by Node code in `src/report/view`.
 * Every text is fit to be shown (control characters are escaped there); only a {@link Picture} has
 * markup in it, and that is fovea's own.
 */
export interface RunView {
  readonly run: RunLine;
  /** Optimizer steps in all; `null` where it never started. */
  readonly steps: number | null;
  readonly warnings: readonly string[];
  readonly methods: readonly MethodView[];
  readonly model: ModelView;
  readonly settings: readonly Fact[];
  readonly provenance: readonly Fact[];
}

/** A run as tables of runs list it. */
export interface RunLine {
  readonly run: string;
  readonly status: RunStatus;
  readonly reason: string | null;
  readonly network: string;
  readonly seed: number;
  /** Optimizer steps done. */
  readonly step: number;
  /** From the first event to the last. */
  readonly seconds: number;
  /** Those of the last evaluation; shares are percentages, and what is not finite is `null`. */
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** A named value in words. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** One implementation of the large kernels, and how many layers run it for the same reason. */
interface MethodView {
  readonly method: string;
  readonly reason: string;
  /** `null` for all layers of a peer, which are not counted. */
  readonly layers: number | null;
  /** Whether it stands in for another that cannot run. */
  readonly fallback: boolean;
}

/** A drawing of fovea's own. */
export interface Picture {
  readonly title: string;
  /** A whole `<svg>` element. */
  readonly svg: string;
}

/** A network's card, or what a run says of a model of timm. */
export type ModelView = CardView | PeerView;

export interface CardView {
  readonly kind: "network";
  readonly name: string;
  readonly description: string | null;
  /** `1×48×48`: channels, height and width in pixels. */
  readonly input: string;
  /** Their sides in taps, a stage each: `51-49-47-13`. */
  readonly kernels: string;
  readonly stages: TextTable;
  readonly counts: TextTable;
  readonly remarks: readonly string[];
  /** `null` where nothing is published of it. */
  readonly published: TextTable | null;
  readonly checks: readonly { readonly level: string; readonly text: string }[];
  /** Each distinct sharing grid once; where nothing is shared, the dense kernels. */
  readonly grids: readonly Picture[];
}

interface PeerView {
  readonly kind: "peer";
  readonly name: string;
  /** timm's name for it. */
  readonly model: string;
  /** Trainable parameters; `null` where it never started. */
  readonly parameters: number | null;
}

/** How a run, or a point of a sweep that has none, stands. */
export type Standing = RunStatus | "missing";

/** A sweep as a table: a row for each combination of its axes, over the seeds. */
export interface SweepView {
  readonly name: string;
  /** Dotted paths. */
  readonly axes: readonly string[];
  readonly metrics: readonly string[];
  readonly rows: readonly SweepRow[];
  /** By which rule the best is marked, in words. */
  readonly rule: string;
}

export interface SweepRow {
  /** Values in words, in the order of the axes. */
  readonly axes: readonly string[];
  /** One for each seed. */
  readonly members: readonly SweepMember[];
  /** Over the completed members that measured it. */
  readonly metrics: Readonly<Record<string, MarkedSpread>>;
  readonly costs: Costs;
  /** Seconds of training; `null` where no member is completed. */
  readonly seconds: Spread | null;
}

/** Of one network; `null` where only Python could count it. */
export interface Costs {
  /** Trainable parameters, and those that the declared sparsity leaves. */
  readonly parameters: number | null;
  readonly nonzero: number | null;
  /** Multiply-adds of one image, computed densely and as the declared sparsity leaves them. */
  readonly macs: number | null;
  readonly nonzeroMacs: number | null;
}

export interface SweepMember {
  readonly seed: number;
  /** Of the experiment. */
  readonly hash: string;
  readonly run: string | null;
  readonly status: Standing;
  /** Why it ended so; `null` where nothing is told. */
  readonly reason: string | null;
}

interface MarkedSpread extends Spread {
  readonly best: boolean;
}

/** What runs were made with, where it is not the same in all of them. */
export interface DifferingFact {
  readonly name: string;
  /** What it means for a comparison; `null` where it means nothing. */
  readonly warning: string | null;
  readonly values: readonly { readonly value: string; readonly runs: readonly string[] }[];
}
