import { findRun } from "../runs/find-run.js";
import { listRuns } from "../runs/run-index.js";
import { watchInterrupts } from "./interrupts.js";
import { openRun } from "./open-run.js";
import { type PreparedRun, prepareRun } from "./prepare-run.js";
import type { RunObserver, RunOutcome, RunRequest } from "./run-request.js";
import { openSession, type Session } from "./session.js";
import { trainOpenRun } from "./train-open-run.js";

/**
 * Makes a run of an experiment, or goes on with one, and stays with it to its end: emits its
 * package, verifies the kernels (unless told not to), trains, and sees that the record is whole. Of
 * a peer nothing is emitted or verified; whether timm can build it is found out first.
 * Ctrl-C is handled here: the first one lets training write a checkpoint, the next one kills it.
 *
 * @returns the run as it ended; where it was cancelled before it began, as it stands
 * @throws FoveaError for every mistake that is found before anything is trained
 */
export async function runExperiment(
  request: RunRequest,
  observer: RunObserver,
): Promise<RunOutcome> {
  const interrupts = watchInterrupts();
  try {
    const ready = await prepare(request, observer).catch((error: unknown) => {
      // A terminal's Ctrl-C ends what was asked, too: that is no mistake of the answer's.
      if (interrupts.presses > 0) return null;
      throw error;
    });
    if (ready === null || interrupts.presses > 0) {
      const { home, resume } = request;
      return { row: resume === null ? null : findRun(home, resume), tooEarly: true };
    }
    const { session, prepared } = ready;
    const run = await openRun(session, prepared);
    const { id, directory } = run;
    observer.opened({ ...prepared.plan, id, directory, experiment: prepared.experiment });
    try {
      await trainOpenRun(session, run, prepared, interrupts, observer);
    } finally {
      run.claim.release();
    }
    const row = (await listRuns(request.home)).find(({ run: id }) => id === run.id);
    if (row === undefined) throw new Error(`${run.directory} was removed while it ran`);
    return { row, tooEarly: false };
  } finally {
    interrupts.dispose();
  }
}

async function prepare(
  request: RunRequest,
  observer: RunObserver,
): Promise<{ readonly session: Session; readonly prepared: PreparedRun }> {
  const session = await openSession(request);
  return { session, prepared: await prepareRun(session, request, observer) };
}
