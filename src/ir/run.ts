import { z } from "zod";
import { RunStatus } from "./event.js";
import { Experiment } from "./experiment.js";

/** `run.json`: what the run is. Written once, before anything runs; never edited. */
export const RunRecord = z.strictObject({
  v: z.literal(1),
  /** The run's id: `<experiment>-<first 8 digits of the hash>-<counter>`. */
  run: z.string(),
  /** SHA-256 of the experiment's canonical JSON. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  experiment: Experiment,
  versions: z.record(z.string(), z.string().nullable()),
  git: z.strictObject({ commit: z.string(), dirty: z.boolean() }).nullable(),
  /** What was asked for; what was found is in the `run_start` event. */
  device: z.strictObject({
    requested: z.string(),
    host: z.string(),
    cpus: z.int().positive(),
    memory: z.int().positive(),
    gpus: z.array(z.string()),
  }),
  /** The network's generated package inside the run's directory; a peer has none. */
  package: z.string().nullable(),
  source: z.string().nullable(),
  /** Whether the kernels were to be trained with as they are, without being verified. */
  unverified: z.boolean().default(false),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** `status.json`: where the run stands. Replaced atomically. */
export const StatusRecord = z.strictObject({
  status: RunStatus,
  reason: z.string().nullable(),
  /** The process that has the run: the harness until training starts, then the training itself. */
  pid: z.int().positive().nullable(),
  /** When that process started, in the kernel's own ticks: a reused pid is another process. */
  started: z.string().nullable(),
  launcher: z.enum(["local"]),
  job: z.string().nullable(),
});
export type StatusRecord = z.infer<typeof StatusRecord>;
