import type { JSX } from "preact";
import { runCharts } from "../charts/run-charts.js";
import type { ReportedRun } from "../collect-run.js";
import { KernelMethods } from "../components/kernel-methods.js";
import { MetricsTable } from "../components/metrics-table.js";
import { Provenance } from "../components/provenance.js";
import { Settings } from "../components/settings.js";
import { Status } from "../components/status.js";
import { Warnings } from "../components/warnings.js";
import { runFacts } from "../view/run-view.js";
import { RunCharts } from "./run-charts.js";

interface Props {
  readonly reported: ReportedRun;
  /** Whether it is one of so many that only what differs from run to run is drawn. */
  readonly brief: boolean;
  /** Where its network's card is. */
  readonly network: string;
}

/** Points of a line in a page of one run or a few, and of many. */
const POINTS = 1000;
const BRIEF_POINTS = 160;
/** Charts that a page of many runs draws of each: losses and shares. */
const BRIEF_CHARTS = new Set(["loss", "shares"]);

/** Everything about one run: metrics, curves, what ran where and how. */
export function RunSection({ reported, brief, network }: Props): JSX.Element {
  const { run, warnings, methods, settings, provenance } = runFacts(reported);
  const charts = runCharts(reported).filter(({ name }) => !brief || BRIEF_CHARTS.has(name));
  return (
    <section id={run.run} class={brief ? "brief" : undefined}>
      <h2>{run.run}</h2>
      <p>
        <Status status={run.status} />
        {run.reason === null ? null : `: ${run.reason}`}. Network{" "}
        <a href={`#${network}`}>{run.network}</a>, seed {run.seed}.
      </p>
      <MetricsTable metrics={run.metrics} />
      <Warnings warnings={warnings} />
      <RunCharts charts={charts} most={brief ? BRIEF_POINTS : POINTS} />
      <KernelMethods methods={methods} />
      {brief ? (
        <details>
          <summary>Provenance</summary>
          <Provenance provenance={provenance} />
        </details>
      ) : (
        <>
          <h3>Provenance</h3>
          <Provenance provenance={provenance} />
        </>
      )}
      <Settings settings={settings} />
    </section>
  );
}
