import { curvesChart } from "./charts/curves-chart.js";
import { standaloneSvg } from "./charts/plot.js";
import { runCharts } from "./charts/run-charts.js";
import type { ReportContent, ReportedSweep } from "./content.js";
import { curveFigures } from "./sweep/curve-figures.js";
import { paretoFigures } from "./sweep/pareto-figures.js";
import type { SweepFigure } from "./sweep/sweep-figure.js";

/** A sweep's section of the page with its figures, which are files too. */
export interface SectionFigures {
  /** Of the section, and the start of its files' names. */
  readonly id: string;
  readonly sweep: ReportedSweep;
  readonly figures: readonly SweepFigure[];
  /** What is not drawn, and why; sentences. */
  readonly notes: readonly string[];
}

/** The sections of sweeps; a single run has no such section. */
export function sectionsOf({ sweeps, runs }: ReportContent): readonly SectionFigures[] {
  const byRun = new Map(runs.map((run) => [run.row.run, run]));
  return sweeps
    .filter(
      ({ declared, rows }) => declared || rows.length > 1 || (rows[0]?.points.length ?? 0) > 1,
    )
    .map((sweep, index) => {
      const { figures, notes } = paretoFigures(sweep.view);
      return {
        id: `${slug(sweep.view.name)}-${index + 1}`,
        sweep,
        figures: [...figures, ...curveFigures(sweep, byRun)],
        notes,
      };
    });
}

/** The figures as files: `figures/NAME.svg`, and what is known of receptive fields. */
export function reportFigures(
  content: ReportContent,
  sections: readonly SectionFigures[],
): readonly (readonly [name: string, text: string | Buffer])[] {
  const [first, ...others] = content.runs;
  const ofRun =
    first === undefined || others.length > 0
      ? []
      : runCharts(first).map(
          ({ name, label, series }) =>
            [slug(name), curvesChart(label, series), series.map((each) => each.name)] as const,
        );
  const drawn = [
    ...sections.flatMap(({ id, figures }) =>
      figures.map(({ name, svg, legend }) => [`${id}-${slug(name)}`, svg, legend] as const),
    ),
    ...ofRun,
  ].map(([name, svg, legend]) => [`figures/${name}.svg`, standaloneSvg(svg, legend)] as const);
  const grids = content.networks.flatMap(({ id, model }) =>
    model.kind === "peer"
      ? []
      : model.grids.map(({ svg }, index) => [`figures/${id}-grid-${index + 1}.svg`, svg] as const),
  );
  return [
    ...drawn,
    ...grids,
    ...content.erf.map(({ file, bytes }) => [`figures/${file}`, bytes] as const),
  ];
}

/** A name fit for a file and for a section. */
function slug(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "") || "figure"
  );
}
