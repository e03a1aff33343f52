import { account, type Card } from "../analyse/account.js";
import { isShared } from "../analyse/grid.js";
import type { GridPair } from "../ir/grid.js";
import { contentHash } from "../ir/hash.js";
import { isPeer } from "../ir/trainable.js";
import { renderCard } from "./card.js";
import { chart, type Series, seriesColor } from "./chart.js";
import type { ReportedRun } from "./collect-run.js";
import { methodLines } from "./event-line.js";
import { duration, figure, metricFigure } from "./figures.js";
import { gridSvg } from "./grid-svg.js";
import { html, htmlTable, Markup } from "./html.js";

/** Everything about one run: metrics, curves, model card, grids, what ran where. */
export function runSection(run: ReportedRun): Markup {
  const { row, record, methods, warnings } = run;
  return html`<section id="${row.run}">
<h2>${row.run}</h2>
<p class="status ${row.status}">${row.status}${row.reason === null ? "" : `: ${row.reason}`}</p>
${metricsTable(run)}
${warnings.map((text) => html`<p class="warning">${text}</p>`)}
<h3>Curves</h3>
<div class="charts">${charts(run)}</div>
${model(run)}
${methods.length === 0 ? null : html`<ul>${methodLines(methods).map((line) => html`<li>${line}</li>`)}</ul>`}
<h3>Experiment</h3>
<details><summary>all settings</summary><pre>${JSON.stringify(record.experiment, null, 2)}</pre></details>
<h3>Provenance</h3>
${provenance(run)}
</section>
`;
}

/** The model card and the kernels; of a peer, which is counted in Python, what the run says. */
function model({ record, start }: ReportedRun): Markup {
  const { network } = record.experiment;
  if (!isPeer(network)) {
    const card = account(network);
    return html`<h3>Model card</h3>
<pre>${renderCard(card)}</pre>
<h3>Kernels</h3>
<div class="grids">${grids(card).map((pair) => new Markup(gridSvg(pair)))}</div>`;
  }
  const parameters = start === null ? "" : `, ${figure(start.parameters)} parameters trained`;
  return html`<h3>Model</h3>
<p>${network.model}, a model of timm${parameters}. Nothing is generated for a peer.</p>`;
}

function metricsTable({ row }: ReportedRun): Markup | null {
  const names = Object.keys(row.metrics);
  if (names.length === 0) return html`<p>It was never evaluated.</p>`;
  return htmlTable(
    ["last evaluation", "value"],
    names.map((name) => [name, metricFigure(row.metrics[name])]),
  );
}

/** Metrics that belong into the chart of the training loss, and all others in one each. */
function charts({ loss, lr, evals }: ReportedRun): readonly Markup[] {
  const evalLoss = evals.get("loss");
  const losses: Series[] = [
    { name: "training", curve: loss },
    ...(evalLoss === undefined ? [] : [{ name: "held out", curve: evalLoss, points: true }]),
  ];
  const shares = ["top1", "top5"].flatMap((name): Series[] => {
    const curve = evals.get(name);
    return curve === undefined ? [] : [{ name, curve, points: true }];
  });
  return [
    figureOf("loss", losses),
    ...(shares.length === 0 ? [] : [figureOf("accuracy (%)", shares)]),
    figureOf("learning rate", [{ name: "lr", curve: lr }]),
  ];
}

/** A chart with the names of its lines below. */
export function figureOf(label: string, series: readonly Series[]): Markup {
  return html`<figure>${chart(label, series)}<figcaption>${series.map(
    ({ name }, index) =>
      html`<span class="key"><i style="background:${seriesColor(index)}"></i>${name}</span> `,
  )}</figcaption></figure>`;
}

/** Each distinct sharing grid once; where nothing is shared, the dense kernels. */
function grids({ stages }: Card): readonly GridPair[] {
  const all = stages.flatMap(({ grid }) => grid);
  const distinct = [...new Map(all.map((pair) => [contentHash(pair), pair])).values()];
  const shared = distinct.filter(isShared);
  return shared.length > 0 ? shared : distinct;
}

function provenance({ row, record, start }: ReportedRun): Markup {
  const { device, git, versions } = record;
  const memory = `${figure(Math.round(device.memory / 2 ** 30))} GiB`;
  return htmlTable(
    ["", ""],
    [
      ["spec", record.hash],
      ["source", record.source ?? "–"],
      ["git", git === null ? "none" : `${git.commit}${git.dirty ? ", with changes" : ""}`],
      ["device", `${start?.device ?? "not started"} (asked for ${device.requested})`],
      [
        "host",
        `${device.host}, ${device.cpus} CPUs, ${memory}, ${device.gpus.join(", ") || "no GPU"}`,
      ],
      ["started", new Date(row.started * 1000).toISOString()],
      ["took", duration(row.seconds)],
      ...Object.entries(versions).map(([name, version]) => [name, version ?? "not installed"]),
    ],
  );
}
