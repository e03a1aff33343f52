import type { SlurmOptions } from "../../ir/slurm.js";
import type { TrainingTask } from "../launcher.js";

/**
 * How long before its time limit a job is warned, in seconds: Python needs some 20 to end in order.
 * Slurm looks at limits every half minute and warns up to a minute early, which would leave a short
 * job no time at all.
 */
const WARNING = 60;

/** What sbatch is asked for, beside where output goes. Nothing is asked for that was not said. */
export function sbatchOptions({ launch, device }: TrainingTask): readonly string[] {
  const { slurm, processes, nodes } = launch;
  if (slurm === null) throw new TypeError("a launch by Slurm without its options");
  const gpus = slurm.gpus ?? (device === "cuda" ? processes : 0);
  const given: readonly (readonly [string, string | number | null])[] = [
    ["partition", slurm.partition],
    ["account", slurm.account],
    ["qos", slurm.qos],
    ["time", slurm.time === null ? null : slurmTime(slurm.time)],
    ["nodes", nodes === 1 ? null : nodes],
    ["ntasks-per-node", nodes === 1 ? null : 1],
    ["cpus-per-task", slurm.cpus === null ? null : slurm.cpus * processes],
    ["mem", slurm.memory === null ? null : `${slurm.memory}M`],
    ["gres", gpus === 0 ? null : gresOf(gpus, slurm)],
    ["constraint", slurm.constraint],
  ];
  const warning = slurm.time === null ? WARNING : Math.ceil(slurm.time / 10);
  return [
    ...given.flatMap(([name, value]) => (value === null ? [] : [`--${name}=${value}`])),
    slurm.requeue ? "--requeue" : "--no-requeue",
    `--signal=B:USR1@${Math.min(WARNING, warning)}`,
  ];
}

function gresOf(gpus: number, { gpuType }: SlurmOptions): string {
  return ["gpu", ...(gpuType === null ? [] : [gpuType]), gpus].join(":");
}

/** Seconds as sbatch takes them: `1-02:03:04`. */
export function slurmTime(seconds: number): string {
  const parts = [seconds / 3600, seconds / 60, seconds].map((value, at) =>
    String(Math.floor(value) % (at === 0 ? 24 : 60)).padStart(2, "0"),
  );
  return `${Math.floor(seconds / 86_400)}-${parts.join(":")}`;
}
