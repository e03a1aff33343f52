import { join } from "node:path";
import { FoveaError } from "../ir/error.js";
import type { Event } from "../ir/event.js";
import type { Experiment } from "../ir/experiment.js";
import { findPython, type Python, probePython, requireTrainable } from "../launch/python.js";
import { endRun, type RunEnd } from "../runs/end-run.js";
import { findRunDirectory } from "../runs/find-run.js";
import { runRecord } from "../runs/records.js";
import { listRuns } from "../runs/run-index.js";
import { asItStands, type RunRow, readRow } from "../runs/run-row.js";
import { type Interrupts, watchInterrupts } from "./interrupts.js";
import { type OpenRun, openNewRun, openRunAgain } from "./open-run.js";
import { gitOf, hostOf, versionsOf } from "./provenance.js";
import { isRequestedDevice, type RequestedDevice, resolveDevice } from "./resolve-device.js";
import { trainRun } from "./train-run.js";
import { verifyKernels } from "./verify-kernels.js";

/** One run to start or to resume. */
export interface RunRequest {
  /** `null` only with `resume`: the run's own record is taken. */
  readonly experiment: Experiment | null;
  /** Base name of the file that declares it, or a shipped name. */
  readonly source: string | null;
  /** Folder whose git state is recorded. */
  readonly folder: string;
  readonly cwd: string;
  readonly home: string;
  /** `null` stands for the recorded one, or `auto`. */
  readonly device: RequestedDevice | null;
  /** Id of the run to go on with. */
  readonly resume: string | null;
}

/** Told of what happens, as it happens. */
export interface RunObserver {
  note(text: string): void;
  opened(run: string, directory: string): void;
  event(event: Event): void;
}

/**
 * Makes a run of an experiment, or goes on with one, and stays with it to its end: emits its
 * package, verifies the kernels, trains, and sees that the record is whole. Ctrl-C is handled
 * here: the first one lets training write a checkpoint, the next one kills it.
 *
 * @returns the run as it ended; `null` where it was cancelled before there was one
 * @throws FoveaError for every mistake that is found before anything is trained
 */
export async function runExperiment(
  request: RunRequest,
  observer: RunObserver,
): Promise<RunRow | null> {
  const interrupts = watchInterrupts();
  try {
    const python = findPython(request.cwd);
    const versions = await probePython(python);
    requireTrainable(python, versions);
    const requested = requestedDevice(request);
    const device = await resolveDevice(requested, python);
    if (interrupts.presses > 0) return null;
    const run =
      request.resume === null
        ? openNewRun(request.home, experimentOf(request), {
            versions: versionsOf(versions),
            git: await gitOf(request.folder),
            device: hostOf(requested, device.gpus),
            source: request.source,
          })
        : openRunAgain(request.home, request.resume, request.experiment);
    observer.opened(run.id, run.directory);
    try {
      await verifyAndTrain(run, python, device.type, request.cwd, interrupts, observer);
    } finally {
      run.release();
    }
    await listRuns(request.home);
    return rowOf(run);
  } finally {
    interrupts.dispose();
  }
}

function experimentOf({ experiment }: RunRequest): Experiment {
  if (experiment !== null) return experiment;
  throw new TypeError("a new run needs an experiment");
}

/** A resumed run stays on the device it was asked to be on: its losses could not be compared. */
function requestedDevice({ device, resume, home }: RunRequest): RequestedDevice {
  if (resume === null) return device ?? "auto";
  const recorded = runRecord(findRunDirectory(home, resume), resume).device.requested;
  if (device !== null && device !== recorded) {
    throw new FoveaError({
      code: "FOV0071",
      message: `${resume} was started with --device ${recorded}`,
      path: "--device",
      value: device,
      allowed: recorded,
      fix: "resume it without --device",
    });
  }
  return isRequestedDevice(recorded) ? recorded : "auto";
}

async function verifyAndTrain(
  run: OpenRun,
  python: Python,
  device: "cpu" | "cuda",
  cwd: string,
  interrupts: Interrupts,
  observer: RunObserver,
): Promise<RunEnd> {
  const stopped = new AbortController();
  interrupts.listener = () => stopped.abort();
  if (interrupts.presses > 0) stopped.abort();
  const ended = (end: RunEnd): RunEnd =>
    endRun(run.directory, end, { cancelled: false, since: run.since, logSize: 0 });
  try {
    observer.note("verifying the kernels");
    const verification = await verifyKernels([join(run.directory, run.package)], {
      python,
      device,
      onNote: observer.note,
      signal: stopped.signal,
    });
    if (stopped.signal.aborted) {
      return ended({ status: "cancelled", reason: "cancelled before training started" });
    }
    if (!verification.passed) {
      const why = verification.said ?? "see `fovea verify` on the run's package";
      return ended({ status: "failed", reason: `the kernels are not verified: ${why}` });
    }
    return await trainRun(run, python, cwd, interrupts, observer);
  } catch (error) {
    // The record must not say for ever that it is under way.
    const why = error instanceof Error ? error.message : String(error);
    ended({ status: "failed", reason: `fovea itself failed: ${why}` });
    throw error;
  }
}

function rowOf(run: OpenRun): RunRow {
  const row = readRow(run.id, run.directory);
  if (row === null) throw new Error(`${run.directory} was removed while it ran`);
  return asItStands(row);
}
