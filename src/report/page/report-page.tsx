import type { JSX } from "preact";
import { render } from "preact-render-to-string";
import { differences } from "../../runs/compare-runs.js";
import type { ReportedRun } from "../collect-run.js";
import { RunTable } from "../components/run-table.js";
import { STYLE } from "../components/style.js";
import { shown } from "../view/shown.js";
import { Curves } from "./run-charts.js";
import { RunSection } from "./run-section.js";

/** Where more runs are reported, the overlaid curves are those of the last ones. */
const MOST_OVERLAID = 8;

/** The whole report as one self-contained page; without runs it says so. */
export function reportPage(runs: readonly ReportedRun[], version: string): string {
  const title =
    runs.length === 1 ? `fovea: ${runs[0]?.row.run ?? ""}` : `fovea: ${runs.length} runs`;
  return `<!doctype html>\n${render(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <h1>{title}</h1>
        {runs.length === 0 ? <p>There are no runs yet.</p> : null}
        {runs.length > 1 ? <Comparison runs={runs} /> : null}
        {runs.map((reported) => (
          <RunSection key={reported.row.run} reported={reported} />
        ))}
        <footer>
          fovea {version}. Shares are percentages. The figures are those of each run's last
          evaluation.
        </footer>
      </body>
    </html>,
  )}\n`;
}

/** All runs in one table, with the settings that tell them apart, and their curves overlaid. */
function Comparison({ runs }: { readonly runs: readonly ReportedRun[] }): JSX.Element {
  const differing = differences(runs.map(({ record }) => record.experiment));
  const values = new Map(runs.map(({ row }, index) => [row.run, differing[index]]));
  const last = runs.slice(-MOST_OVERLAID);
  const top1 = last.flatMap(({ row, evals }) => {
    const curve = evals.get("top1");
    return curve === undefined ? [] : [{ name: row.run, curve, points: true }];
  });
  return (
    <>
      <RunTable
        runs={runs.map(({ row }) => shown(row))}
        href={(run) => `#${run}`}
        settings={Object.keys(differing[0] ?? {})}
        setting={(run, path) => JSON.stringify(values.get(run)?.[path])}
      />
      <div class="charts">
        <Curves
          label="training loss"
          series={last.map(({ row, loss }) => ({ name: row.run, curve: loss }))}
        />
        {top1.length === 0 ? null : <Curves label="top1 (%)" series={top1} />}
      </div>
    </>
  );
}
