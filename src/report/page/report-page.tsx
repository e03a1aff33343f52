import type { JSX } from "preact";
import { render } from "preact-render-to-string";
import { differences } from "../../runs/compare-runs.js";
import type { ReportedRun } from "../collect-run.js";
import { DifferingFacts } from "../components/differing-facts.js";
import { RunTable } from "../components/run-table.js";
import { STYLE } from "../components/style.js";
import { Warnings } from "../components/warnings.js";
import type { ReportContent } from "../content.js";
import type { ErfPicture } from "../erf-pictures.js";
import type { SectionFigures } from "../figure-files.js";
import { networkId, type ReportedNetwork } from "../networks.js";
import { axisWords } from "../sweep/axis-words.js";
import { shown } from "../view/shown.js";
import { NetworkSection } from "./network-section.js";
import { RunSection } from "./run-section.js";
import { SweepSection } from "./sweep-section.js";

/** With more runs each of them says less. */
const MOST_IN_FULL = 12;

const href = (run: string): string => `#${run}`;

/** The whole report as one self-contained page; without runs it says so. */
export function reportPage(
  content: ReportContent,
  sections: readonly SectionFigures[],
  version: string,
): string {
  const { runs, warnings, facts, erf, networks } = content;
  const several = runs.length > 1;
  const title = shown(content.title);
  return `<!doctype html>\n${render(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · fovea`}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <header>
          <h1>{title}</h1>
          <p class="soft">{summary(content)}</p>
        </header>
        <main>
          <Warnings warnings={shown(warnings)} />
          {runs.length === 0 && content.sweeps.length === 0 ? <p>There are no runs yet.</p> : null}
          {sections.map((section) => (
            <SweepSection key={section.id} section={section} />
          ))}
          {several ? (
            <section id="runs">
              <h2>All runs</h2>
              <AllRuns runs={runs} />
              <h3>What they were made with</h3>
              <DifferingFacts facts={shown(facts)} href={href} />
            </section>
          ) : null}
          {networks.map((network) => (
            <NetworkSection key={network.id} network={network} erf={erfOf(network, erf)} />
          ))}
          {runs.map((reported) => (
            <RunSection
              key={reported.row.run}
              reported={reported}
              brief={runs.length > MOST_IN_FULL}
              network={networkId(reported)}
            />
          ))}
        </main>
        <footer>
          fovea {version}. Shares are percentages. The figures are those of each run's last
          evaluation; means are over completed runs.
        </footer>
      </body>
    </html>,
  )}\n`;
}

/** What the report is of, in a line. */
function summary({ runs, sweeps, networks }: ReportContent): string {
  const statuses = new Map<string, number>();
  for (const { row } of runs) statuses.set(row.status, (statuses.get(row.status) ?? 0) + 1);
  const missing = sweeps
    .flatMap(({ view }) => view.rows.flatMap(({ members }) => members))
    .filter(({ run }) => run === null).length;
  if (missing > 0) statuses.set("missing", missing);
  const stand = [...statuses].map(([status, count]) => `${count} ${status.replaceAll("_", " ")}`);
  const plural = (count: number, what: string): string =>
    `${count} ${what}${count === 1 ? "" : "s"}`;
  return [plural(runs.length, "run"), plural(networks.length, "network"), ...stand].join(" · ");
}

function erfOf(
  { model, runs }: ReportedNetwork,
  erf: readonly ErfPicture[],
): readonly ErfPicture[] {
  const names = new Set([model.name, ...runs.map(({ row }) => row.run)]);
  return erf.filter(({ of }) => names.has(of));
}

/** All runs in one table, with the settings that tell them apart. */
function AllRuns({ runs }: { readonly runs: readonly ReportedRun[] }): JSX.Element {
  const differing = differences(runs.map(({ record }) => record.experiment));
  const values = new Map(runs.map(({ row }, index) => [row.run, differing[index]]));
  return (
    <RunTable
      runs={runs.map(({ row }) => shown(row))}
      href={href}
      settings={Object.keys(differing[0] ?? {})}
      setting={(run, path) => axisWords(values.get(run)?.[path])}
    />
  );
}
