import { z } from "zod";
import { RunStatus } from "./event.js";
import { Experiment } from "./experiment.js";
import { LAUNCHERS, SINKS } from "./run-names.js";
import { SlurmOptions } from "./slurm.js";

/** What can start a training. */
export const LauncherName = z.enum(LAUNCHERS);
export type LauncherName = z.infer<typeof LauncherName>;

/** Where a run's figures go beside its own files; a failure there is a warning. */
export const SinkName = z.enum(SINKS);
export type SinkName = z.infer<typeof SinkName>;

/** How a run is started; nothing of it changes what is trained. */
export const LaunchOptions = z.strictObject({
  launcher: LauncherName.default("local"),
  /** Processes on each node. */
  processes: z.int().positive().default(1),
  nodes: z.int().positive().default(1),
  /** Earlier checkpoints that are kept beside the last one. */
  keep: z.int().min(0).default(1),
  /** Seconds without a step after which a process counts as stuck; 0 is never. */
  heartbeat: z.number().min(0).default(600),
  /** How often torchrun starts the processes again after one of them failed. */
  maxRestarts: z.int().min(0).default(0),
  /** OMP_NUM_THREADS of each process, where the user's environment sets none; `null` is torch's own. */
  threads: z.int().positive().nullable().default(null),
  /** Only of the launcher `slurm`. */
  slurm: SlurmOptions.nullable().default(null),
  sinks: z.array(SinkName).default([]),
});
export type LaunchOptions = z.infer<typeof LaunchOptions>;

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
    /** CUDA_VISIBLE_DEVICES of the start, where fovea chose the GPU. */
    visible: z.string().nullable().default(null),
  }),
  /** The network's generated package inside the run's directory; a peer has none. */
  package: z.string().nullable(),
  source: z.string().nullable(),
  /** Whether the kernels were to be trained with as they are, without being verified. */
  unverified: z.boolean().default(false),
  /** What a resumed run takes where nothing else is said; fovea 0.1 recorded none. */
  launch: LaunchOptions.default(() => LaunchOptions.parse({})),
  /** The run that this one repeats; its losses are compared with that one's, and no sweep counts it. */
  replayOf: z.string().nullable().default(null),
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
  launcher: LauncherName,
  /** A scheduler's id of the job, as squeue takes it: `12`, of an array `12_3`. */
  job: z.string().nullable(),
  /** The machine that the process is on, where a pid means something; fovea 0.1 recorded none. */
  host: z.string().nullable().default(null),
});
export type StatusRecord = z.infer<typeof StatusRecord>;
