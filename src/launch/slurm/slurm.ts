import type { Attendant, JobHandle, Launcher, SubmittedJob } from "../launcher.js";
import { logsOf } from "../logs.js";
import { isAlive } from "../process-identity.js";
import { askJob, killJob } from "./cancel.js";
import { followJob } from "./follow.js";
import { endOfVanished, endOfWord, readJobWord } from "./job-word.js";
import { known, refreshKnown } from "./known.js";
import { endOfState, isOver, isWaiting, stateWords } from "./states.js";
import { submitArrays, submitOne } from "./submit.js";

/**
 * Trains in jobs of Slurm, which share the run's folder with this machine and nothing else.
 *
 * Where a job stands is known from the file that its script leaves in the run's folder and from
 * squeue, never from a pid: the process is on another machine.
 */
export const slurmLauncher: Launcher = {
  submit: async (task, attendant) =>
    attend(task.directory, await submitOne(task, attendant), attendant),
  submitAll: async (tasks, slots, attendant) => {
    const jobs = await submitArrays(tasks, slots, attendant);
    return tasks.map((task, index) => attend(task.directory, jobs[index] ?? "", attendant));
  },
  attend,
  refresh: (handles) => refreshKnown(handles.flatMap(({ job }) => job ?? [])),
  status: (handle) => {
    // Until it is submitted the run is that of the process that submits it.
    if (handle.job === null) return isAlive(handle) ? "alive" : "gone";
    const heard = known(handle.job);
    if (heard === "silent") return "unknown";
    if (heard === null || isOver(heard)) return "gone";
    return isWaiting(heard) ? "waiting" : "alive";
  },
  words: ({ job }) => {
    const heard = job === null ? null : known(job);
    return heard === null || heard === "silent" ? null : stateWords(heard);
  },
  endOf: (directory, { job }) => {
    if (job === null) return { status: "lost", reason: "fovea ended before it submitted the job" };
    const word = readJobWord(directory, job);
    const heard = known(job);
    const found = heard === "silent" ? null : heard;
    if (word !== null && word.code !== null) {
      return endOfWord(directory, { ...word, code: word.code }, found);
    }
    return found === null ? endOfVanished(job, word !== null) : endOfState(job, found);
  },
  ask: (training, signal, note) => {
    for (const job of jobsOf(training)) void askJob(job, signal, note).catch(tell(note));
  },
  kill: (training) => {
    for (const job of jobsOf(training)) void killJob(job, () => {}).catch(() => {});
  },
  logs: logsOf,
};

function attend(directory: string, job: string, attendant: Attendant): SubmittedJob {
  return { pid: null, started: null, job, ended: followJob(directory, job, attendant) };
}

function jobsOf({
  started,
  python,
}: {
  readonly started: JobHandle | null;
  readonly python: JobHandle | null;
}): readonly string[] {
  return [...new Set([started?.job, python?.job])].filter((job) => typeof job === "string");
}

function tell(note: (text: string) => void): (error: unknown) => void {
  return (error) => note(error instanceof Error ? error.message : String(error));
}
