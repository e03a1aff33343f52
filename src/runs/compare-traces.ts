import { compareBits, type ValueDifference } from "./bits.js";
import type { RunTrace, TracedEval, TracedStep } from "./run-trace.js";

/** Two series of numbers, step by step. */
export interface SeriesComparison<Where> {
  /** Values that both have. */
  readonly compared: number;
  /** Of them, those that are bit for bit the same. */
  readonly equal: number;
  /** Values that only one of the two has. */
  readonly missing: { readonly a: number; readonly b: number };
  readonly first: (Where & ValueDifference) | null;
  /** Largest difference in proportion to the value of A; `null` where none can be told. */
  readonly largest: number | null;
}

interface AtStep {
  readonly step: number;
}

interface AtMetric extends AtStep {
  readonly split: string;
  readonly metric: string;
}

/** What two runs measured, compared bit by bit. */
export interface TraceComparison {
  readonly losses: SeriesComparison<AtStep>;
  readonly gradNorms: SeriesComparison<AtStep>;
  readonly evals: SeriesComparison<AtMetric>;
}

/**
 * Compares what two runs measured.
 *
 * @param upTo - the last step that counts
 */
export function compareTraces(a: RunTrace, b: RunTrace, upTo: number): TraceComparison {
  return {
    losses: compareSeries(
      stepValues(a, upTo, ({ loss }) => loss),
      stepValues(b, upTo, ({ loss }) => loss),
    ),
    gradNorms: compareSeries(
      stepValues(a, upTo, ({ grad_norm }) => grad_norm),
      stepValues(b, upTo, ({ grad_norm }) => grad_norm),
    ),
    evals: compareSeries(metricValues(a, upTo), metricValues(b, upTo)),
  };
}

/** Whether everything that both measured is the same, and A measured nothing that B did not. */
export function isReproduced({ losses, evals }: TraceComparison): boolean {
  return [losses, evals].every((each) => each.equal === each.compared && each.missing.b === 0);
}

interface Value<Where> {
  readonly where: Where;
  readonly value: number | null;
}
type Series<Where> = ReadonlyMap<string, Value<Where>>;

function stepValues(
  { steps }: RunTrace,
  upTo: number,
  take: (step: TracedStep) => number | null,
): Series<AtStep> {
  const values = new Map<string, Value<AtStep>>();
  for (const [step, traced] of steps) {
    if (step <= upTo) values.set(String(step), { where: { step }, value: take(traced) });
  }
  return values;
}

function metricValues({ evals }: RunTrace, upTo: number): Series<AtMetric> {
  const values = new Map<string, Value<AtMetric>>();
  for (const [key, { step, split, metrics }] of evals) {
    if (step > upTo) continue;
    for (const [metric, value] of Object.entries(metrics as TracedEval["metrics"])) {
      values.set(`${key} ${metric}`, { where: { step, split, metric }, value });
    }
  }
  return values;
}

function compareSeries<Where extends AtStep>(
  a: Series<Where>,
  b: Series<Where>,
): SeriesComparison<Where> {
  let compared = 0;
  let equal = 0;
  let first: (Where & ValueDifference) | null = null;
  let largest: number | null = null;
  for (const [key, { where, value }] of a) {
    const other = b.get(key);
    if (other === undefined) continue;
    compared += 1;
    const apart = compareBits(value, other.value);
    if (apart === null) {
      equal += 1;
      continue;
    }
    if (first === null || where.step < first.step) first = { ...where, ...apart };
    if (apart.difference !== null && value !== null && value !== 0) {
      largest = Math.max(largest ?? 0, Math.abs(apart.difference / value));
    }
  }
  const missing = { a: b.size - compared, b: a.size - compared };
  return { compared, equal, missing, first, largest };
}
