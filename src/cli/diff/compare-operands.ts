import { compareTraces, type TraceComparison } from "../../runs/compare-traces.js";
import { readStatus } from "../../runs/records.js";
import { type FactDifference, factDifferences, runFacts } from "../../runs/run-facts.js";
import { readTrace } from "../../runs/run-trace.js";
import { codeDifferences, type FileDifference } from "./code.js";
import { figureDifferences } from "./figures.js";
import type { Operand } from "./operand.js";
import {
  type Scope,
  scopeOf,
  settingDifferences,
  type ValueDifference,
  valueDifferences,
} from "./settings.js";

/** What two runs were trained with and what they measured. */
interface RunDifference extends TraceComparison {
  readonly status: { readonly a: string; readonly b: string };
  readonly facts: readonly FactDifference[];
}

/** What tells two things apart. Empty lists are what they have in common. */
export interface Difference {
  /** What of the two is compared. */
  readonly scope: Scope;
  readonly equal: boolean;
  readonly settings: readonly ValueDifference[];
  readonly figures: readonly ValueDifference[];
  /** What the manifests say; `null` where code is not compared. */
  readonly manifest: readonly ValueDifference[] | null;
  /** `null` where code is not compared: of two declarations, and of peers. */
  readonly files: readonly FileDifference[] | null;
  /** Of two runs. */
  readonly runs: RunDifference | null;
}

/** @throws FoveaError those of counting a peer */
export async function compareOperands(a: Operand, b: Operand): Promise<Difference> {
  const settings = settingDifferences(a, b);
  const figures = await figureDifferences(a, b);
  const manifest = hasCode(a, b) ? manifestDifferences(a, b) : null;
  const files = hasCode(a, b)
    ? codeDifferences(a.files ?? NONE, b.files ?? NONE, lies(a) && lies(b))
    : null;
  const runs = a.run !== null && b.run !== null ? compareRuns(a.run, b.run) : null;
  const lists = [settings, figures, manifest ?? [], files ?? []];
  const equal = lists.every((list) => list.length === 0) && (runs === null || areSame(runs));
  return { scope: scopeOf(a, b), equal, settings, figures, manifest, files, runs };
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Code is looked at where one side is code that lies somewhere, and both have some. */
function hasCode(a: Operand, b: Operand): boolean {
  return (lies(a) || lies(b)) && a.files !== null && b.files !== null;
}

/** Of a declaration the code is what it gives now; its header names no file that lies somewhere. */
function lies({ kind }: Operand): boolean {
  return kind === "package" || kind === "run";
}

function manifestDifferences(a: Operand, b: Operand): readonly ValueDifference[] {
  const [left, right] = [a, b].map(({ manifest }) => {
    if (manifest === null) return { readable: false };
    const { fovea, tuned, params, licence, kernels } = manifest;
    return { fovea, tuned, params, licence, kernels: kernels.map(({ path }) => path) };
  });
  return valueDifferences(left, right);
}

function compareRuns(
  a: NonNullable<Operand["run"]>,
  b: NonNullable<Operand["run"]>,
): RunDifference {
  const [left, right] = [a, b].map(({ directory, record }) => {
    const trace = readTrace(directory);
    const status = readStatus(directory);
    const stands = "value" in status ? status.value : null;
    const last = Math.max(0, trace.starts.length - 1);
    const facts = runFacts(record, stands, trace, last);
    return { trace, status: stands?.status ?? "lost", facts };
  });
  if (left === undefined || right === undefined) throw new Error("two runs are compared");
  return {
    status: { a: left.status, b: right.status },
    facts: factDifferences(left.facts, right.facts),
    ...compareTraces(left.trace, right.trace, Number.POSITIVE_INFINITY),
  };
}

function areSame({ status, facts, losses, gradNorms, evals }: RunDifference): boolean {
  const series = [losses, gradNorms, evals];
  return (
    status.a === status.b &&
    facts.length === 0 &&
    series.every(
      ({ compared, equal, missing }) => compared === equal && missing.a + missing.b === 0,
    )
  );
}
