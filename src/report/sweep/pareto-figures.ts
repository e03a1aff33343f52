import { type ParetoPoint, paretoChart } from "../charts/pareto-chart.js";
import { SERIES } from "../components/colors.js";
import type { SweepRow, SweepView } from "../components/view.js";
import { betterOf, metricHead } from "../metric.js";
import { COSTS, type Cost, unitFor } from "./cost-units.js";
import { mainMetric, rowName, type SweepFigure } from "./sweep-figure.js";

/** What a sweep costs for what it reaches, and what is not drawn of that. */
export interface ParetoFigures {
  readonly figures: readonly SweepFigure[];
  /** Sentences. */
  readonly notes: readonly string[];
}

/** Pareto plots of the main metric against each cost. */
export function paretoFigures(view: SweepView): ParetoFigures {
  const metric = mainMetric(view.metrics);
  const better = metric === null ? null : betterOf(metric);
  if (metric === null || better === null || view.rows.length < 2) return { figures: [], notes: [] };
  const colored = colorsOf(view.rows);
  const figures: SweepFigure[] = [];
  const notes: string[] = [];
  for (const cost of COSTS) {
    const measured = view.rows.filter((row) => row.metrics[metric] !== undefined);
    const counted = measured.filter((row) => cost.of(row) !== null);
    const [unit, size] = unitFor(
      counted.flatMap((row) => cost.of(row) ?? []),
      cost.units,
    );
    const points = counted.flatMap((row) => pointOf(row, { cost, size, metric, colored }));
    const left = measured.length - counted.length;
    // Where nothing is traded for anything there is no front.
    if (new Set(points.map((point) => point.cost)).size < 2) {
      notes.push(
        counted.length === 0
          ? `There is no plot against ${cost.title}: they are not known.`
          : `There is no plot against ${cost.title}: all have the same.`,
      );
      continue;
    }
    figures.push({
      name: `pareto-${cost.name}`,
      title: `${metric} against ${cost.title}`,
      svg: paretoChart(`${cost.title} (${unit})`, metricHead(metric), points, better),
      legend: colored.legend,
      caption: `${metric} against ${cost.title}${left === 0 ? "" : `, without ${left} whose ${cost.title} are not known`}`,
    });
  }
  return { figures, notes };
}

interface Drawn {
  readonly cost: Cost;
  readonly size: number;
  readonly metric: string;
  readonly colored: Colors;
}

function pointOf(row: SweepRow, { cost, size, metric, colored }: Drawn): readonly ParetoPoint[] {
  const [spent, score] = [cost.of(row), row.metrics[metric]];
  if (spent === null || score === undefined) return [];
  const std = cost.std?.(row) ?? null;
  return [
    {
      name: colored.nameOf(row),
      cost: spent / size,
      costStd: std === null ? null : std / size,
      score: score.mean,
      scoreStd: score.std,
      color: colored.colorOf(row),
    },
  ];
}

interface Colors {
  readonly legend: readonly string[];
  readonly colorOf: (row: SweepRow) => number;
  readonly nameOf: (row: SweepRow) => string;
}

/** The first of several axes is told by colour where there are enough of them, the others by name. */
function colorsOf(rows: readonly SweepRow[]): Colors {
  const values = [...new Set(rows.map(({ axes }) => axes[0] ?? ""))];
  const several = rows.some(({ axes }) => axes.length > 1);
  if (!several || values.length > SERIES) return { legend: [], colorOf: () => 0, nameOf: rowName };
  return {
    legend: values,
    colorOf: ({ axes }) => values.indexOf(axes[0] ?? ""),
    nameOf: ({ axes }) => axes.slice(1).join(" · "),
  };
}
