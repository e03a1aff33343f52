import { availableParallelism } from "node:os";
import { FoveaError } from "../../ir/error.js";

/** A place for one run at a time. */
export interface Slot {
  /** CUDA_VISIBLE_DEVICES of its runs; `null` leaves the user's. */
  readonly visible: string | null;
}

/** What places there are to be. */
export interface SlotRequest {
  readonly slots: number | null;
  /** Numbers of GPUs as torch counts them here. */
  readonly gpus: readonly number[] | null;
  /** Processes of each run, which have a GPU each. */
  readonly processes: number;
  /** CUDA devices that torch sees; `null` where the runs are not on CUDA. */
  readonly devices: number | null;
}

/**
 * The places of a sweep. Without `gpus` they leave the devices to the user; with them each has one
 * for every process of a run, and places beyond the GPUs share them in turn.
 *
 * @throws FoveaError FOV0040 where the GPUs are not there, or too few for one run
 */
export function slotsOf(
  { slots, gpus, processes, devices }: SlotRequest,
  env: Readonly<Record<string, string | undefined>> = process.env,
): readonly Slot[] {
  if (gpus === null) return Array.from({ length: slots ?? 1 }, () => ({ visible: null }));
  if (devices === null) throw wrongGpus(gpus, "the runs are on the CPU", "leave --gpus out");
  const wrong = gpus.find((gpu) => gpu >= devices);
  if (wrong !== undefined) {
    const range = devices === 1 ? "0 alone" : `0 to ${devices - 1}`;
    throw wrongGpus(gpus, `there is no GPU ${wrong}: torch sees ${range}`, "name those");
  }
  const groups = Math.floor(gpus.length / processes);
  if (groups === 0) {
    const why = `a run has ${processes} processes, and needs a GPU for each`;
    throw wrongGpus(gpus, why, `name ${processes} GPUs, or fewer processes in --nproc`);
  }
  const given = env["CUDA_VISIBLE_DEVICES"]?.split(",").map((name) => name.trim());
  const names = gpus.map((gpu) => given?.[gpu] ?? String(gpu));
  return Array.from({ length: slots ?? groups }, (_, index) => {
    const from = (index % groups) * processes;
    return { visible: names.slice(from, from + processes).join(",") };
  });
}

/**
 * OMP_NUM_THREADS of each process, so that the runs share the cores; `null` where one runs alone, or
 * the user says how many.
 */
export function threadsOf(
  slots: number,
  processes: number,
  env: Readonly<Record<string, string | undefined>> = process.env,
): number | null {
  if (slots === 1 || env["OMP_NUM_THREADS"]) return null;
  return Math.max(1, Math.floor(availableParallelism() / (slots * processes)));
}

function wrongGpus(gpus: readonly number[], why: string, fix: string): FoveaError {
  const written = gpus.join(",");
  return new FoveaError({
    code: "FOV0040",
    message: `--gpus ${written}: ${why}`,
    path: "--gpus",
    value: written,
    allowed: "numbers of GPUs as torch counts them, with commas between",
    fix,
  });
}
