import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demo } from "../../src/dsl/zoo/demo.js";
import type { Event, RunStatus } from "../../src/ir/event.js";
import type { Experiment } from "../../src/ir/experiment.js";
import { contentHash } from "../../src/ir/hash.js";

/** An event without what every one has. */
export type EventBody = Event extends infer E
  ? E extends Event
    ? Omit<E, "v" | "seq" | "time">
    : never
  : never;

export const start = (step = 0): EventBody => ({
  type: "run_start",
  step,
  steps: 4,
  epochs: 1,
  device: "cpu",
  versions: {},
  parameters: 1234,
});

export const step = (n: number, loss: number | null = 1 / n): EventBody => ({
  type: "step",
  step: n,
  epoch: n / 4,
  loss,
  lr: 0.001,
  images_per_second: 100,
  grad_norm: 1,
});

export const evaluated = (n: number, metrics: Record<string, number | null>): EventBody => ({
  type: "eval",
  step: n,
  epoch: 1,
  split: "test",
  metrics,
});

export const ended = (status: "completed" | "failed" = "completed"): EventBody => ({
  type: "run_end",
  status,
  reason: null,
});

/** Lines of `events.jsonl`, numbered and a second apart. */
export function eventLines(bodies: readonly EventBody[], from = 0): string {
  return bodies
    .map((body, index) =>
      JSON.stringify({ v: 1, seq: from + index, time: 1_700_000_000 + from + index, ...body }),
    )
    .map((line) => `${line}\n`)
    .join("");
}

interface FakeRun {
  readonly experiment?: Experiment;
  readonly status?: RunStatus;
  readonly pid?: number | null;
  readonly started?: string | null;
  /** Events, or the text of the whole file. */
  readonly events?: readonly EventBody[] | string;
  readonly counter?: number;
}

/** Writes a run's folder by hand, as an earlier fovea would have left it. */
export function writeRun(home: string, fake: FakeRun = {}): { id: string; directory: string } {
  const experiment = fake.experiment ?? demo();
  const hash = contentHash(experiment);
  const id = `${experiment.name}-${hash.slice(0, 8)}-${fake.counter ?? 1}`;
  const directory = join(home, "runs", id);
  mkdirSync(directory, { recursive: true });
  const record = {
    v: 1,
    run: id,
    hash,
    experiment,
    versions: { fovea: "0.1.0", triton: null },
    git: { commit: "0123456789abcdef", dirty: true },
    device: { requested: "auto", host: "a-host", cpus: 2, memory: 2 ** 33, gpus: [] },
    package: `package/${experiment.network.name}`,
    source: "demo",
  };
  writeFileSync(join(directory, "run.json"), JSON.stringify(record));
  writeFileSync(
    join(directory, "status.json"),
    JSON.stringify({
      status: fake.status ?? "completed",
      reason: null,
      pid: fake.pid ?? null,
      started: fake.started ?? null,
      launcher: "local",
      job: null,
    }),
  );
  const events = fake.events ?? [start(), step(1), evaluated(1, { top1: 50, loss: 1.5 }), ended()];
  const text = typeof events === "string" ? events : eventLines(events);
  writeFileSync(join(directory, "events.jsonl"), text);
  return { id, directory };
}
