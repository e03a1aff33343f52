import { Curve } from "../../report/curve.js";
import { RunCollector } from "../../report/run-collector.js";
import type { LineProblem } from "../../runs/event-scanner.js";
import type { CurveEvent, CurvePoints, EventsMessage, RunAnswer, ToldEvent } from "../wire.js";

type StepEvent = Extract<CurveEvent, { type: "step" }>;

/** Lines that are kept: more is nobody's to read on a page. */
const MOST_TOLD = 500;
/** Steps that the speed is measured over. */
const RECENT = 20;
/** What the server words itself. */
const WORDED: ReadonlySet<ToldEvent["type"]> = new Set(["run_start", "kernel_methods", "warning"]);

/** What is known of the run that is shown: what the server answered, and what was told since. */
export class RunState {
  readonly collector = new RunCollector();
  told: readonly ToldEvent[];
  problems: readonly LineProblem[];
  /** The last steps that were told since the page was opened. */
  recent: readonly StepEvent[] = [];

  constructor({ curves, evals, told, problems }: RunAnswer) {
    for (const points of curves) {
      fill(this.collector[points.name], points);
    }
    for (const points of evals) {
      const curve = new Curve();
      fill(curve, points);
      this.collector.evals.set(points.name, curve);
    }
    this.told = told;
    this.problems = problems;
  }

  /** @returns whether the server has to be asked for its words again */
  take({ curves, told, problems }: EventsMessage): boolean {
    for (const event of curves) this.collector.event(event);
    const isNew = curves.some(({ type }) => type === "run_start");
    const steps = curves.filter((event) => event.type === "step");
    this.recent = [...(isNew ? [] : this.recent), ...steps].slice(-RECENT);
    this.told = [...this.told, ...told].slice(-MOST_TOLD);
    this.problems = [...this.problems, ...problems];
    return told.some(({ type }) => WORDED.has(type));
  }
}

function fill(curve: Curve, { x, y }: CurvePoints): void {
  x.forEach((step, index) => {
    curve.add(step, y[index] ?? null);
  });
}
