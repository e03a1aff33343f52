import { printable } from "../ir/printable.js";
import type { ExaminedRun } from "../runs/examine-run.js";
import { cellText } from "./column-text.js";
import { figure } from "./figures.js";
import { runTable } from "./run-table.js";

/** Problems that are listed; the others are counted. */
const MOST = 20;

type Fact = readonly [name: string, value: string | null];

/** One run for the terminal. */
export function runDetails(run: ExaminedRun): string {
  const { problems, settings } = run;
  const hidden = problems.length - MOST;
  return [
    runTable([run]),
    "",
    ...facts(factsOf(run)),
    ...problems
      .slice(0, MOST)
      .map(({ line, message }) => `events.jsonl:${line}: ${printable(message)}`),
    ...(hidden > 0 ? [`and ${hidden} more lines that are no events`] : []),
    "",
    "settings",
    ...facts(
      Object.entries(settings).map(([path, value]): Fact => [path, JSON.stringify(value)]),
    ).map((line) => `  ${line}`),
  ].join("\n");
}

function factsOf(run: ExaminedRun): readonly Fact[] {
  const { provenance, launch, sparsity } = run;
  const { git, versions } = provenance;
  const time = (seconds: number): string =>
    cellText(seconds, { source: "column", name: "started" });
  const starts = run.starts > 1 ? `, started ${run.starts} times` : "";
  return [
    ["reason", run.reason],
    ["replay of", run.replayOf],
    ["network", run.network],
    ["seed", String(run.seed)],
    ["hash", run.hash],
    ["folder", run.dir],
    ["started", time(run.started)],
    ["last event", `${time(run.updated)}${starts}`],
    ["launcher", launcherText(run)],
    ["process", launch.pid === null ? null : String(launch.pid)],
    ["job", launch.job],
    ["device", `${run.device} on ${run.host}`],
    ["source", provenance.source],
    ["commit", git === null ? null : `${git.commit}${git.dirty ? ", with changes" : ""}`],
    [
      "versions",
      Object.entries(versions)
        .flatMap(([name, version]) => (version === null ? [] : [`${name} ${version}`]))
        .join(", "),
    ],
    ["package", provenance.package],
    ...Object.entries(provenance.data ?? {}).map(
      ([split, digest]): Fact => [`data ${split}`, digest],
    ),
    ["kernels", provenance.unverified ? "trained with unverified" : null],
    [
      "sparsity",
      sparsity === null
        ? null
        : `density ${figure(sparsity.density)} at step ${sparsity.step}, ${figure(sparsity.explored)} explored`,
    ],
    ...run.checkpoints.map(
      ({ path, bytes, step }): Fact => [
        "checkpoint",
        `${path}, ${figure(bytes)} bytes${step === null ? "" : `, step ${step}`}`,
      ],
    ),
    ...run.logs.map((path): Fact => ["log", path]),
    ["events", figure(run.events.total)],
  ];
}

function launcherText({ launcher, launch }: ExaminedRun): string {
  const { processes, nodes } = launch;
  const each = processes === 1 ? "1 process" : `${processes} processes`;
  return nodes === 1 ? `${launcher}, ${each}` : `${launcher}, ${each} on each of ${nodes} nodes`;
}

/** Lines of names and values; what has none is left out. */
function facts(all: readonly Fact[]): readonly string[] {
  const said = all.filter(([, value]) => value !== null && value !== "");
  const width = Math.max(...said.map(([name]) => name.length));
  return said.map(([name, value]) => `${name.padEnd(width)}  ${printable(value ?? "")}`);
}
