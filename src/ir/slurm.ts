import { z } from "zod";

const Text = z.string().min(1);

/** What a run asks Slurm for; `null` leaves it to the cluster. */
export const SlurmOptions = z.strictObject({
  partition: Text.nullable().default(null),
  account: Text.nullable().default(null),
  qos: Text.nullable().default(null),
  /** Seconds. */
  time: z.int().positive().nullable().default(null),
  /** On each node; `null` is none for a run on a CPU, else one for each process. */
  gpus: z.int().min(0).nullable().default(null),
  /** Kind of GPU as the cluster calls it, such as `h100`. */
  gpuType: Text.nullable().default(null),
  /** CPUs of each process. */
  cpus: z.int().positive().nullable().default(null),
  /** MiB on each node. */
  memory: z.int().positive().nullable().default(null),
  constraint: Text.nullable().default(null),
  /** Whether a job that was preempted or lost its node goes back into the queue. */
  requeue: z.boolean().default(true),
});
export type SlurmOptions = z.infer<typeof SlurmOptions>;
