import type { Experiment } from "../ir/experiment.js";
import { LaunchOptions } from "../ir/run.js";
import { findPython, type Python, probePython, requireTrainable } from "../launch/python.js";
import { findRunDirectory } from "../runs/find-run.js";
import { runRecord } from "../runs/records.js";
import { listRuns } from "../runs/run-index.js";
import type { RunRow } from "../runs/run-row.js";
import { checkPeer } from "./check-peer.js";
import { watchInterrupts } from "./interrupts.js";
import { type Circumstances, type OpenRun, openNewRun, openRunAgain } from "./open-run.js";
import { gitOf, hostOf, versionsOf } from "./provenance.js";
import { isRequestedDevice, type RequestedDevice, resolveDevice } from "./resolve-device.js";
import type { RunObserver, RunRequest } from "./run-request.js";
import { verifyAndTrain } from "./verify-and-train.js";

/**
 * Makes a run of an experiment, or goes on with one, and stays with it to its end: emits its
 * package, verifies the kernels (unless told not to), trains, and sees that the record is whole. Of
 * a peer nothing is emitted or verified; whether timm can build it is found out first.
 * Ctrl-C is handled here: the first one lets training write a checkpoint, the next one kills it.
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
    const ready = await prepare(request, observer).catch((error: unknown) => {
      // A terminal's Ctrl-C ends what was asked, too: that is no mistake of the answer's.
      if (interrupts.presses > 0) return null;
      throw error;
    });
    if (ready === null || interrupts.presses > 0) return null;
    const run = open(request, ready.circumstances);
    observer.opened(run.id, run.directory);
    try {
      await verifyAndTrain(run, ready, request, interrupts, observer);
    } finally {
      run.release();
    }
    const row = (await listRuns(request.home)).find(({ run: id }) => id === run.id);
    if (row === undefined) throw new Error(`${run.directory} was removed while it ran`);
    return row;
  } finally {
    interrupts.dispose();
  }
}

/** What a run needs to start, looked up before it exists. */
interface Ready {
  readonly python: Python;
  readonly device: "cpu" | "cuda";
  readonly circumstances: Circumstances;
}

async function prepare(request: RunRequest, observer: RunObserver): Promise<Ready> {
  const python = findPython(request.cwd);
  const versions = await probePython(python);
  requireTrainable(python, versions);
  const requested = requestedDevice(request);
  const { type, gpus } = await resolveDevice(requested, python);
  await checkPeer(experimentOf(request), python, request.place, observer);
  const circumstances = {
    versions: versionsOf(versions),
    git: await gitOf(request.folder),
    device: hostOf(requested, gpus),
    source: request.source,
    unverified: request.unverified,
    launch: LaunchOptions.parse({}),
  };
  return { python, device: type, circumstances };
}

function open(request: RunRequest, circumstances: Circumstances): OpenRun {
  const { home, experiment, resume } = request;
  return resume === null
    ? openNewRun(home, experimentOf(request), circumstances)
    : openRunAgain(home, resume, experiment);
}

function experimentOf({ experiment, resume, home }: RunRequest): Experiment {
  if (experiment !== null) return experiment;
  if (resume === null) throw new TypeError("a new run needs an experiment");
  return runRecord(findRunDirectory(home, resume), resume).experiment;
}

/** A resumed run goes on where it began, unless another device is named. */
function requestedDevice({ device, resume, home }: RunRequest): RequestedDevice {
  if (device !== null || resume === null) return device ?? "auto";
  const recorded = runRecord(findRunDirectory(home, resume), resume).device.requested;
  return isRequestedDevice(recorded) ? recorded : "auto";
}
