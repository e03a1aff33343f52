import type { JSX } from "preact";
import { runCharts } from "../../report/charts/run-charts.js";
import type { RunCollector } from "../../report/run-collector.js";
import { LineChart } from "./line-chart.js";

interface Props {
  readonly collector: RunCollector;
  readonly turn: number;
}

/** Those where powers of ten matter. */
const LOG: ReadonlySet<string> = new Set(["loss", "lr"]);

/** A run's curves, as they grow. */
export function RunCharts({ collector, turn }: Props): JSX.Element {
  const charts = runCharts(collector);
  if (charts.length === 0) return <p class="soft">It has measured nothing yet.</p>;
  return (
    <div class="charts">
      {charts.map(({ name, label, series }) => (
        <LineChart key={name} label={label} lines={series} canBeLog={LOG.has(name)} turn={turn} />
      ))}
    </div>
  );
}
