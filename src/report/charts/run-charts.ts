import type { ReportedRun } from "../collect-run.js";
import { isShare, metricHead } from "../metric.js";
import type { Series } from "./curves-chart.js";

/** Curves that share a chart. */
export interface Chart {
  /** Of its file. */
  readonly name: string;
  /** What is measured, with its unit. */
  readonly label: string;
  readonly series: readonly Series[];
}

/** What a run's curves are made of. */
type Curves = Pick<ReportedRun, "loss" | "lr" | "evals" | "density" | "churn">;

/**
 * A run's curves: losses together, shares together, masks together, every other metric and the
 * learning rate alone.
 */
export function runCharts({ loss, lr, evals, density, churn }: Curves): readonly Chart[] {
  const measured = [...evals].map(([name, curve]): Series => ({ name, curve, points: true }));
  const shares = measured.filter(({ name }) => isShare(name));
  const [share] = shares;
  return [
    {
      name: "loss",
      label: "loss",
      series: [
        { name: "training", curve: loss },
        ...measured
          .filter(({ name }) => name === "loss")
          .map((held) => ({ ...held, name: "held out" })),
      ],
    },
    {
      name: "shares",
      label: shares.length === 1 && share !== undefined ? metricHead(share.name) : "share (%)",
      series: shares,
    },
    ...measured
      .filter(({ name }) => name !== "loss" && !isShare(name))
      .map((one) => ({ name: one.name, label: one.name, series: [one] })),
    { name: "lr", label: "learning rate", series: [{ name: "learning rate", curve: lr }] },
    {
      name: "sparsity",
      label: "share of the weights (%)",
      series: [
        { name: "kept (density)", curve: density, points: true },
        { name: "exchanged of these (churn)", curve: churn, points: true },
      ],
    },
  ].filter(({ series }) => series.some(({ curve }) => curve.length > 0));
}
