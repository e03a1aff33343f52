import type { JSX } from "preact";
import { chart, type Series } from "../chart.js";
import type { ReportedRun } from "../collect-run.js";
import { Drawing } from "../components/drawing.js";
import { Legend } from "../components/legend.js";
import { isShare, metricHead } from "../metric.js";

/** Curves over steps with the names of the lines below, where there is more than one. */
export function Curves({
  label,
  series,
}: {
  readonly label: string;
  readonly series: readonly Series[];
}): JSX.Element {
  const names = series.map(({ name }) => name);
  return (
    <Drawing
      picture={{ title: label, svg: chart(label, series) }}
      caption={names.length > 1 ? <Legend names={names} /> : undefined}
    />
  );
}

/** A run's curves: losses together, shares together, every other metric and the learning rate alone. */
export function RunCharts({ loss, lr, evals }: ReportedRun): JSX.Element {
  const measured = [...evals].map(([name, curve]): Series => ({ name, curve, points: true }));
  const losses = [
    { name: "training", curve: loss },
    ...measured
      .filter(({ name }) => name === "loss")
      .map((held) => ({ ...held, name: "held out" })),
  ];
  const shares = measured.filter(({ name }) => isShare(name));
  const others = measured.filter(({ name }) => name !== "loss" && !isShare(name));
  return (
    <div class="charts">
      <Curves label="loss" series={losses} />
      {shares.length === 0 ? null : (
        <Curves
          label={shares.length === 1 ? metricHead(shares[0]?.name ?? "") : "share (%)"}
          series={shares}
        />
      )}
      {others.map((one) => (
        <Curves key={one.name} label={one.name} series={[one]} />
      ))}
      <Curves label="learning rate" series={[{ name: "lr", curve: lr }]} />
    </div>
  );
}
