import type { JSX } from "preact";
import { KernelMethods } from "../../report/components/kernel-methods.js";
import { MetricsTable } from "../../report/components/metrics-table.js";
import { ModelCard } from "../../report/components/model-card.js";
import { Provenance } from "../../report/components/provenance.js";
import { Settings } from "../../report/components/settings.js";
import { Status } from "../../report/components/status.js";
import { Warnings } from "../../report/components/warnings.js";
import { EventLines } from "./event-lines.js";
import type { Live } from "./live.js";
import { LogLines } from "./log-lines.js";
import { Progress } from "./progress.js";
import { hrefOf } from "./route.js";
import { RunCharts } from "./run-charts.js";
import { useLive } from "./use-live.js";
import { useRun } from "./use-run.js";

interface Props {
  readonly live: Live;
  readonly id: string;
}

/** One run: how far it is, its curves as they grow, what happened, what it is made of. */
export function RunPage({ live, id }: Props): JSX.Element {
  useLive(live);
  const shown = useRun(live, id);
  if (shown === null) return <p class="soft">Reading {id}…</p>;
  if (shown === "none") return <Gone id={id} />;
  const { view, dir, state, turn } = shown;
  const row = live.rows.get(id);
  const { status, reason, metrics, step, seconds } = row ?? view.run;
  return (
    <>
      {row === undefined && live.connection === "live" ? (
        <p class="notice" role="alert">
          This run was removed. What is shown is what was known of it.
        </p>
      ) : null}
      <h1>{id}</h1>
      <p class="standing">
        <Status status={status} />
        {reason === null ? null : `: ${reason}`}
      </p>
      <Progress
        step={step}
        steps={view.steps}
        seconds={seconds}
        isRunning={status === "running"}
        recent={state.recent}
      />
      <MetricsTable metrics={metrics} />
      <Warnings warnings={view.warnings} />
      <RunCharts collector={state.collector} turn={turn} />
      <section>
        <h2>Events</h2>
        <EventLines told={state.told} problems={state.problems} />
        <LogLines id={id} isUnderWay={status === "running" || status === "queued"} />
      </section>
      <section>
        <h2>Model</h2>
        <ModelCard model={view.model} />
        <KernelMethods methods={view.methods} />
      </section>
      <section>
        <h2>Experiment</h2>
        <Settings settings={view.settings} />
        <h3>Provenance</h3>
        <Provenance provenance={[...view.provenance, { name: "folder", value: dir }]} />
      </section>
    </>
  );
}

function Gone({ id }: { readonly id: string }): JSX.Element {
  return (
    <>
      <h1>{id}</h1>
      <p class="notice" role="alert">
        There is no such run. It may have been removed.{" "}
        <a href={hrefOf({ view: "list" })}>All runs</a>
      </p>
    </>
  );
}
