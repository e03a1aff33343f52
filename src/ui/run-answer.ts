import { join } from "node:path";
import type { Event } from "../ir/event.js";
import { reportedRun } from "../report/collect-run.js";
import type { Curve } from "../report/curve.js";
import { RunCollector } from "../report/run-collector.js";
import { runView } from "../report/view/run-view.js";
import type { EventVisitor, LineProblem } from "../runs/event-scanner.js";
import { readEvents } from "../runs/read-events.js";
import { readRunRecord } from "../runs/records.js";
import { runsDirectory } from "../runs/run-directory.js";
import { asItStands, readRow } from "../runs/run-row.js";
import { RunSummary } from "../runs/run-summary.js";
import { toldEvent, toldProblem } from "./told-event.js";
import type { CurvePoints, RunAnswer, ToldEvent } from "./wire.js";

/** Events in lines that a page begins with; the others of a long run are not looked at one by one. */
const MOST_TOLD = 300;
const MOST_PROBLEMS = 100;

/** Everything a page shows of one run; `null` where there is none. */
export async function runAnswer(home: string, id: string): Promise<RunAnswer | null> {
  const directory = join(runsDirectory(home), id);
  const reading = new Reading();
  const place = await readEvents(directory, reading);
  const read = readRow(id, directory, reading.summary);
  const record = readRunRecord(directory);
  if (read === null || !("value" in record)) return null;
  const row = asItStands(read);
  const { loss, lr, density, churn, evals } = reading.collector;
  return {
    view: runView(reportedRun(row, record.value, reading.collector)),
    dir: row.dir,
    curves: [
      points("loss", loss),
      points("lr", lr),
      points("density", density),
      points("churn", churn),
    ],
    evals: [...evals].map(([name, curve]) => points(name, curve)),
    told: reading.told.slice(-MOST_TOLD),
    problems: reading.problems,
    place,
  };
}

/** One pass over the events for all that is made of them. */
class Reading implements EventVisitor {
  readonly collector = new RunCollector();
  readonly summary = new RunSummary();
  told: ToldEvent[] = [];
  readonly problems: LineProblem[] = [];

  event(event: Event): void {
    this.collector.event(event);
    this.summary.event(event);
    const told = toldEvent(event);
    if (told === null) return;
    this.told.push(told);
    if (this.told.length > 2 * MOST_TOLD) this.told = this.told.slice(-MOST_TOLD);
  }

  problem(problem: LineProblem): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(toldProblem(problem));
  }
}

function points<Name extends string>(name: Name, curve: Curve): CurvePoints<Name> {
  const kept = curve.points();
  return { name, x: kept.map(({ x }) => x), y: kept.map(({ y }) => y) };
}
