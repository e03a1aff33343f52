import type { JSX } from "preact";
import { isShare, metricHead } from "../../report/metric.js";
import type { RunCollector } from "../../report/run-collector.js";
import { type Line, LineChart } from "./line-chart.js";

interface Props {
  readonly collector: RunCollector;
  readonly turn: number;
}

/** A run's curves: losses together, shares together, every other metric and the learning rate alone. */
export function RunCharts({ collector: { loss, lr, evals }, turn }: Props): JSX.Element {
  const measured = [...evals].map(([name, curve]): Line => ({ name, curve, points: true }));
  const held = measured.filter(({ name }) => name === "loss");
  const shares = measured.filter(({ name }) => isShare(name));
  const others = measured.filter(({ name }) => name !== "loss" && !isShare(name));
  const losses = [
    { name: "training", curve: loss },
    ...held.map((line) => ({ ...line, name: "held out" })),
  ];
  const sharesHead = shares.length === 1 ? metricHead(shares[0]?.name ?? "") : "share (%)";
  return (
    <div class="charts">
      <LineChart label="loss" lines={losses} canBeLog turn={turn} />
      {shares.length === 0 ? null : <LineChart label={sharesHead} lines={shares} turn={turn} />}
      {others.map((line) => (
        <LineChart key={line.name} label={line.name} lines={[line]} turn={turn} />
      ))}
      <LineChart label="learning rate" lines={[{ name: "lr", curve: lr }]} canBeLog turn={turn} />
    </div>
  );
}
