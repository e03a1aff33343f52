import type { JSX } from "preact";
import type { ReportedRun } from "../collect-run.js";
import { KernelMethods } from "../components/kernel-methods.js";
import { MetricsTable } from "../components/metrics-table.js";
import { ModelCard } from "../components/model-card.js";
import { Provenance } from "../components/provenance.js";
import { Settings } from "../components/settings.js";
import { Status } from "../components/status.js";
import { Warnings } from "../components/warnings.js";
import { runView } from "../view/run-view.js";
import { RunCharts } from "./run-charts.js";

/** Everything about one run: metrics, curves, model card, grids, what ran where. */
export function RunSection({ reported }: { readonly reported: ReportedRun }): JSX.Element {
  const { run, warnings, methods, model, settings, provenance } = runView(reported);
  return (
    <section id={run.run}>
      <h2>{run.run}</h2>
      <p>
        <Status status={run.status} />
        {run.reason === null ? null : `: ${run.reason}`}
      </p>
      <MetricsTable metrics={run.metrics} />
      <Warnings warnings={warnings} />
      <h3>Curves</h3>
      <RunCharts {...reported} />
      <h3>Model</h3>
      <ModelCard model={model} />
      <KernelMethods methods={methods} />
      <h3>Experiment</h3>
      <Settings settings={settings} />
      <h3>Provenance</h3>
      <Provenance provenance={provenance} />
    </section>
  );
}
