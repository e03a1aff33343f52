import type { Attendant, JobEnd, KnownEnd } from "../launcher.js";
import { endOfVanished, endOfWord, isOpen, type JobWord, readJobWord } from "./job-word.js";
import { endOfState, isOver, isWaiting, type SlurmState, stateWords } from "./states.js";
import { type Heard, watchJob } from "./watch.js";

/** How often a job's own word is looked for. */
const LOOK_MS = 250;
/** How long the word of a job that is over may take to be seen through a network disk. */
const LAG_MS = 3000;

/** Stays with a job to its end, through every time that it goes back into the queue. */
export async function followJob(
  directory: string,
  job: string,
  { note }: Pick<Attendant, "note">,
): Promise<JobEnd | KnownEnd> {
  return await new Promise((resolve) => {
    const told = new Teller(job, note);
    let overSince: number | null = null;

    const finish = (end: JobEnd | KnownEnd): void => {
      clearInterval(timer);
      leave();
      resolve(end);
    };
    const look = (): void => {
      const word = readJobWord(directory, job);
      if (hasCode(word) && !isOpen(word)) finish(endOfWord(directory, word, null));
    };
    const hear = (heard: Heard): void => {
      told.tell(heard);
      if (heard === "silent") return;
      if (heard !== null && !isOver(heard)) {
        overSince = null;
        return;
      }
      const word = readJobWord(directory, job);
      overSince ??= performance.now();
      if (hasCode(word)) finish(endOfWord(directory, word, heard));
      else if (performance.now() - overSince > LAG_MS) {
        finish(heard === null ? endOfVanished(job, word !== null) : endOfState(job, heard));
      }
    };
    const timer = setInterval(look, LOOK_MS);
    const leave = watchJob(job, hear);
  });
}

function hasCode(word: JobWord | null): word is JobWord & { readonly code: number } {
  return word !== null && word.code !== null;
}

/** Tells each change of a job's state once. */
class Teller {
  #job: string;
  #note: (text: string) => void;
  #last = "";
  #ran = false;
  #silent = false;

  constructor(job: string, note: (text: string) => void) {
    this.#job = job;
    this.#note = note;
  }

  tell(heard: Heard): void {
    if (heard === "silent") {
      if (!this.#silent) this.#note("Slurm's controller does not answer; waiting for it");
      this.#silent = true;
      return;
    }
    if (this.#silent) this.#note("Slurm's controller answers again");
    this.#silent = false;
    if (heard === null) return;
    const words = this.#words(heard);
    if (words !== this.#last) this.#note(words);
    this.#last = words;
  }

  #words(heard: SlurmState): string {
    const job = `job ${this.#job}`;
    if (isWaiting(heard)) {
      return `${job} waits ${this.#ran ? "again" : "in Slurm's queue"}: ${stateWords(heard)}`;
    }
    if (heard.state !== "RUNNING") return `${job}: ${stateWords(heard)}`;
    this.#ran = true;
    return `${job} runs on ${heard.host}`;
  }
}
