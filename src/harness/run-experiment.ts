import type { Experiment } from "../ir/experiment.js";
import type { RunRecord } from "../ir/run.js";
import { findPython, type Python, probePython, requireTrainable } from "../launch/python.js";
import { findRun, findRunDirectory } from "../runs/find-run.js";
import { runRecord } from "../runs/records.js";
import { listRuns } from "../runs/run-index.js";
import { checkPeer } from "./check-peer.js";
import { checkProcesses } from "./check-processes.js";
import { checkSinks } from "./check-sinks.js";
import { watchInterrupts } from "./interrupts.js";
import { type LaunchPlan, planLaunch } from "./launch-request.js";
import { type Circumstances, type OpenRun, openNewRun, openRunAgain } from "./open-run.js";
import { gitOf, hostOf, versionsOf } from "./provenance.js";
import { isRequestedDevice, type RequestedDevice, resolveDevice } from "./resolve-device.js";
import type { RunObserver, RunOutcome, RunRequest } from "./run-request.js";
import { verifyAndTrain } from "./verify-and-train.js";

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
    const run = open(request, ready);
    const { id, directory } = run;
    observer.opened({ ...ready.plan, id, directory, experiment: ready.experiment });
    try {
      await verifyAndTrain(run, ready, request, interrupts, observer);
    } finally {
      run.release();
    }
    const row = (await listRuns(request.home)).find(({ run: id }) => id === run.id);
    if (row === undefined) throw new Error(`${run.directory} was removed while it ran`);
    return { row, tooEarly: false };
  } finally {
    interrupts.dispose();
  }
}

/** What a run needs to start, looked up before it exists. */
interface Ready {
  readonly python: Python;
  readonly device: "cpu" | "cuda";
  readonly experiment: Experiment;
  readonly plan: LaunchPlan;
  readonly circumstances: Circumstances;
}

async function prepare(request: RunRequest, observer: RunObserver): Promise<Ready> {
  const python = findPython(request.cwd);
  const versions = await probePython(python);
  requireTrainable(python, versions);
  const requested = requestedDevice(request);
  const { type, gpus, devices } = await resolveDevice(requested, python);
  const experiment = experimentOf(request);
  const plan = planLaunch(
    request.launch,
    recordedLaunch(request),
    type === "cuda" ? devices : null,
  );
  checkProcesses(experiment.recipe, plan.launch, request.resume !== null);
  checkSinks(request.launch.sinks ?? [], python, versions);
  await checkPeer(experiment, python, request.place, observer);
  const circumstances = {
    versions: versionsOf(versions),
    git: await gitOf(request.folder),
    device: hostOf(requested, gpus),
    source: request.source,
    unverified: request.unverified,
    launch: plan.launch,
  };
  return { python, device: type, experiment, plan, circumstances };
}

function open(request: RunRequest, { experiment, circumstances }: Ready): OpenRun {
  const { home, resume } = request;
  return resume === null
    ? openNewRun(home, experiment, circumstances)
    : openRunAgain(home, resume, request.experiment, circumstances.launch.launcher);
}

function recordedLaunch({ resume, home }: RunRequest): RunRecord["launch"] | null {
  return resume === null ? null : runRecord(findRunDirectory(home, resume), resume).launch;
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
