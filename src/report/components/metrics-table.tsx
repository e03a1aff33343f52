import type { JSX } from "preact";
import { metricWithUnit } from "../metric.js";
import type { RunLine } from "./view.js";

/** The last evaluation's figures, large enough to be found. */
export function MetricsTable({ metrics }: Pick<RunLine, "metrics">): JSX.Element {
  const names = Object.keys(metrics);
  if (names.length === 0) return <p class="soft">It was never evaluated.</p>;
  return (
    <dl class="metrics">
      {names.map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{metricWithUnit(name, metrics[name])}</dd>
        </div>
      ))}
    </dl>
  );
}
