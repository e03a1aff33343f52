import type { JSX } from "preact";
import { curvesChart } from "../charts/curves-chart.js";
import type { Chart } from "../charts/run-charts.js";
import { Drawing } from "../components/drawing.js";
import { Legend } from "../components/legend.js";

/**
 * A run's charts with the names of their lines.
 *
 * @param most - points of a line
 */
export function RunCharts({
  charts,
  most,
}: {
  readonly charts: readonly Chart[];
  readonly most: number;
}): JSX.Element {
  if (charts.length === 0) return <p class="soft">It has measured nothing.</p>;
  return (
    <div class="charts">
      {charts.map(({ name, label, series }) => (
        <Drawing
          key={name}
          picture={{ title: label, svg: curvesChart(label, series, most) }}
          caption={
            series.length > 1 ? <Legend names={series.map((each) => each.name)} /> : undefined
          }
        />
      ))}
    </div>
  );
}
