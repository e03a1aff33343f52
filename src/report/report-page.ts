import { differences } from "../runs/compare-runs.js";
import type { Series } from "./chart.js";
import type { ReportedRun } from "./collect-run.js";
import { duration, metricFigure } from "./figures.js";
import { html, htmlTable, type Markup } from "./html.js";
import { figureOf, runSection } from "./run-section.js";
import { metricNames } from "./run-table.js";

const STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #57606a; --line: #d0d7de; --page: #fff; --bad: #b3261e; --good: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --ink: #f0f6fc; --soft: #9198a1; --line: #3d444d; --page: #0d1117; --bad: #ff8a80; --good: #56d364; } }
body { margin: 2rem auto; padding: 0 1rem; max-width: 84rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); }
h1, h2, h3 { line-height: 1.2; } section { border-top: 1px solid var(--line); margin-top: 2.5rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .75rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--soft); font-weight: 500; }
pre { overflow-x: auto; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem; font-size: 12.5px; }
.charts, .grids { display: flex; flex-wrap: wrap; gap: 1.5rem; } .grids svg { max-width: 24rem; height: auto; }
figure { margin: 0; max-width: 40rem; flex: 1 1 26rem; } figure svg { width: 100%; height: auto; }
figcaption, footer { color: var(--soft); font-size: 13px; }
.key { margin-right: 1rem; white-space: nowrap; } .key i { display: inline-block; width: .8em; height: .8em; margin-right: .35em; border-radius: 2px; }
.status { font-weight: 600; } .status.completed { color: var(--good); } .status.failed, .status.lost, .status.diverged, .status.out_of_memory { color: var(--bad); }
.warning { border-left: 3px solid var(--bad); padding-left: .75rem; }
`;

/** Where more runs are reported, the overlaid curves are those of the last ones. */
const MOST_OVERLAID = 8;

/** The whole report as one self-contained page; without runs it says so. */
export function reportPage(runs: readonly ReportedRun[], version: string): string {
  const title =
    runs.length === 1 ? `fovea: ${runs[0]?.row.run ?? ""}` : `fovea: ${runs.length} runs`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
${runs.length === 0 ? html`<p>There are no runs yet.</p>` : null}
${runs.length > 1 ? comparison(runs) : null}
${runs.map(runSection)}
<footer><p>fovea ${version}. Shares are percentages. The figures are those of each run's last evaluation.</p></footer>
</body>
</html>
`;
  return page.text;
}

/** All runs in one table, with the settings that tell them apart, and their curves overlaid. */
function comparison(runs: readonly ReportedRun[]): Markup {
  const metrics = metricNames(runs.map(({ row }) => row));
  const differing = differences(runs.map(({ record }) => record.experiment));
  const settings = Object.keys(differing[0] ?? {});
  const table = htmlTable(
    ["run", "status", ...metrics, "time", ...settings],
    runs.map(({ row }, index) => [
      html`<a href="#${row.run}">${row.run}</a>`,
      row.status,
      ...metrics.map((name) => metricFigure(row.metrics[name])),
      duration(row.seconds),
      ...settings.map((path) => JSON.stringify(differing[index]?.[path])),
    ]),
  );
  const last = runs.slice(-MOST_OVERLAID);
  const top1 = last.flatMap(({ row, evals }): Series[] => {
    const curve = evals.get("top1");
    return curve === undefined ? [] : [{ name: row.run, curve, points: true }];
  });
  return html`${table}
<div class="charts">${figureOf(
    "training loss",
    last.map(({ row, loss }) => ({ name: row.run, curve: loss })),
  )}${top1.length === 0 ? null : figureOf("top1 (%)", top1)}</div>
`;
}
