import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { RunTable } from "../../report/components/run-table.js";
import type { RunView } from "../../report/components/view.js";
import { metricHead } from "../../report/metric.js";
import type { RunAnswer } from "../wire.js";
import { ask, NotFound } from "./ask.js";
import { type Line, LineChart } from "./line-chart.js";
import type { Live } from "./live.js";
import { hrefOf } from "./route.js";
import { RunState } from "./run-state.js";
import { useLive } from "./use-live.js";

interface Props {
  readonly live: Live;
  readonly ids: readonly string[];
}

interface Compared {
  readonly view: RunView;
  readonly state: RunState;
}

/** Runs that train are read again, but not all the time. */
const REREAD_MS = 3000;

/** Some runs beside each other: what tells them apart, and their curves in one chart each. */
export function ComparePage({ live, ids }: Props): JSX.Element {
  useLive(live);
  const [runs, setRuns] = useState<ReadonlyMap<string, Compared | "none">>(new Map());
  const [turn, setTurn] = useState(0);
  const standing = ids
    .map((id) => `${live.rows.get(id)?.status} ${live.rows.get(id)?.step}`)
    .join();
  useEffect(() => {
    const left = new AbortController();
    const read = async (): Promise<void> => {
      const found = await Promise.all(ids.map((id) => readRun(id, left.signal)));
      setRuns(new Map(ids.map((id, index) => [id, found[index] ?? "none"])));
      setTurn((before) => before + 1);
    };
    // A connection that is lost has its own mark; the next change of a run reads again.
    const timer = setTimeout(() => read().catch(() => {}), turn === 0 ? 0 : REREAD_MS);
    return () => {
      clearTimeout(timer);
      left.abort();
    };
  }, [standing]);

  if (runs.size === 0) return <p class="soft">Reading {ids.length} runs…</p>;
  const found = ids.flatMap((id) => {
    const run = runs.get(id);
    return run === undefined || run === "none" ? [] : [run];
  });
  const missing = ids.filter((id) => runs.get(id) === "none");
  const differing = differingSettings(found.map(({ view }) => view));
  const metrics = [...new Set(found.flatMap(({ state }) => [...state.collector.evals.keys()]))];
  const lines = (curveOf: (run: Compared) => Line["curve"] | undefined, points = false): Line[] =>
    found.flatMap((run) => {
      const curve = curveOf(run);
      return curve === undefined ? [] : [{ name: run.view.run.run, curve, points }];
    });
  return (
    <>
      <h1>{found.length} runs</h1>
      {missing.map((id) => (
        <p key={id} class="notice" role="alert">
          There is no run {id}.
        </p>
      ))}
      <RunTable
        runs={found.map(({ view }) => ({ ...view.run, ...live.rows.get(view.run.run) }))}
        href={(run) => hrefOf({ view: "run", id: run })}
        settings={[...differing.keys()]}
        setting={(run, path) => differing.get(path)?.get(run) ?? "–"}
      />
      <div class="charts">
        <LineChart
          label="training loss"
          canBeLog
          lines={lines(({ state }) => state.collector.loss)}
          turn={turn}
        />
        {metrics.map((name) => (
          <LineChart
            key={name}
            label={name === "loss" ? "held-out loss" : metricHead(name)}
            canBeLog={name === "loss"}
            lines={lines(({ state }) => state.collector.evals.get(name), true)}
            turn={turn}
          />
        ))}
        <LineChart
          label="learning rate"
          canBeLog
          lines={lines(({ state }) => state.collector.lr)}
          turn={turn}
        />
      </div>
    </>
  );
}

async function readRun(id: string, signal: AbortSignal): Promise<Compared | "none"> {
  try {
    const answer = await ask<RunAnswer>(`api/runs/${id}`, signal);
    return { view: answer.view, state: new RunState(answer) };
  } catch (error) {
    if (error instanceof NotFound) return "none";
    throw error;
  }
}

/** Values by run of each setting that is not the same in all. */
function differingSettings(
  views: readonly RunView[],
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const all = new Map<string, Map<string, string>>();
  for (const { run, settings } of views) {
    for (const { name, value } of settings) {
      const values = all.get(name) ?? new Map<string, string>();
      all.set(name, values.set(run.run, value));
    }
  }
  return new Map(
    [...all].filter(
      ([, values]) => values.size < views.length || new Set(values.values()).size > 1,
    ),
  );
}
