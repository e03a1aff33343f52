import { flatten } from "../../runs/settings.js";
import type { ReportedRun } from "../collect-run.js";
import type { Fact, RunView } from "../components/view.js";
import { duration, figure } from "../figures.js";
import { countMethods, isFallback } from "../kernel-methods.js";
import { modelView } from "./model-view.js";
import { shown } from "./shown.js";

/** All that a page says of one run, but for its curves. */
export function runView(reported: ReportedRun): RunView {
  const { record, start } = reported;
  const model = modelView(record.experiment.network, start?.parameters ?? null);
  return { ...runFacts(reported), model: shown(model) };
}

/** The same without its network, which other runs may have too. */
export function runFacts(reported: ReportedRun): Omit<RunView, "model"> {
  const { row, record, start, warnings } = reported;
  const { run, status, reason, network, seed, step, seconds, metrics } = row;
  return shown({
    run: { run, status, reason, network, seed, step, seconds, metrics },
    steps: start?.steps ?? null,
    warnings,
    methods: countMethods(reported.methods).map((method) => ({
      ...method,
      fallback: isFallback(method, start?.device ?? ""),
    })),
    settings: [...flatten(record.experiment)].map(([name, value]) => ({
      name,
      value: JSON.stringify(value),
    })),
    provenance: provenance(reported),
  });
}

function provenance({ row, record, start }: ReportedRun): readonly Fact[] {
  const { device, git, versions } = record;
  const memory = `${figure(Math.round(device.memory / 2 ** 30))} GiB`;
  const facts: Readonly<Record<string, string>> = {
    spec: record.hash,
    source: record.source ?? "–",
    git: git === null ? "none" : `${git.commit}${git.dirty ? ", with changes" : ""}`,
    device: `${start?.device ?? "not started"} (asked for ${device.requested})`,
    host: `${device.host}, ${device.cpus} CPUs, ${memory}, ${device.gpus.join(", ") || "no GPU"}`,
    started: new Date(row.started * 1000).toISOString(),
    took: duration(row.seconds),
    ...Object.fromEntries(
      Object.entries({ ...versions, ...start?.versions }).map(([name, version]) => [
        name,
        version ?? "not installed",
      ]),
    ),
  };
  return Object.entries(facts).map(([name, value]) => ({ name, value }));
}
