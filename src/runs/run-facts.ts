import type { Event } from "../ir/event.js";
import type { RunRecord, StatusRecord } from "../ir/run.js";
import type { RunTrace } from "./run-trace.js";

/** What a run's figures depend on beside its experiment, by dotted path. */
export type RunFacts = Readonly<Record<string, string>>;

type Layers = Extract<Event, { type: "kernel_methods" }>["layers"];

/**
 * What a run was trained with: code, data, machine and how it was launched.
 *
 * @param start - index of the `run_start` that is meant, of a run that was gone on with
 */
export function runFacts(
  { versions, git, unverified, launch, device }: RunRecord,
  status: Pick<StatusRecord, "host"> | null,
  { starts, methods }: RunTrace,
  start: number,
): RunFacts {
  const began = starts[start];
  const layers = methods.get(start);
  const said: Readonly<Record<string, unknown>> = {
    ...prefixed("versions", { ...versions, ...began?.versions }),
    "git.commit": git?.commit,
    "git.dirty": git?.dirty,
    ...prefixed("data", began?.data ?? {}),
    device: began?.device ?? device.requested,
    processes: began?.processes ?? launch.processes * launch.nodes,
    batch: began?.batch,
    accumulate: began?.accumulate,
    "launch.launcher": launch.launcher,
    "launch.nodes": launch.nodes,
    machine: status?.host ?? device.host,
    ...prefixed("host", began?.host ?? {}),
    kernels: layers === undefined ? undefined : inWords(layers),
    unverified,
  };
  return Object.fromEntries(
    Object.entries(said).flatMap(([path, value]) =>
      value === undefined || value === null ? [] : [[path, String(value)]],
    ),
  );
}

function prefixed(name: string, values: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`${name}.${key}`, value]),
  );
}

/** `fft: blocks.0.mixer, blocks.1.mixer; dense: …` */
function inWords(layers: Layers): string {
  const by = new Map<string, string[]>();
  for (const { layer, method } of layers) by.set(method, [...(by.get(method) ?? []), layer]);
  return [...by].map(([method, names]) => `${method}: ${names.join(", ")}`).join("; ");
}

/** A fact that is not the same of two runs; `null` where one of them does not say. */
export interface FactDifference {
  readonly path: string;
  readonly a: string | null;
  readonly b: string | null;
}

export function factDifferences(a: RunFacts, b: RunFacts): readonly FactDifference[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((path) => a[path] !== b[path])
    .map((path) => ({ path, a: a[path] ?? null, b: b[path] ?? null }));
}
