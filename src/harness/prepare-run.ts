import type { Experiment } from "../ir/experiment.js";
import { contentHash } from "../ir/hash.js";
import type { RunRecord } from "../ir/run.js";
import { isPeer } from "../ir/trainable.js";
import { findRunDirectory } from "../runs/find-run.js";
import { runRecord } from "../runs/records.js";
import { checkPeer } from "./check-peer.js";
import { checkProcesses } from "./check-processes.js";
import { checkSinks } from "./check-sinks.js";
import { clusterDevice } from "./cluster-device.js";
import { type LaunchPlan, planLaunch, slurmOptions } from "./launch-request.js";
import { hostOf } from "./provenance.js";
import { isRequestedDevice, type RequestedDevice } from "./resolve-device.js";
import type { RunObserver, RunRequest } from "./run-request.js";
import type { Session } from "./session.js";

/** One run of a session, as it is asked for. */
export type RunWish = Pick<
  RunRequest,
  "experiment" | "device" | "resume" | "repeat" | "launch" | "unverified" | "place"
> & {
  /** CUDA_VISIBLE_DEVICES, where the command chooses; `null` leaves the user's. */
  readonly visible?: string | null;
};

/** What a run needs to start, looked up before it exists. */
export interface PreparedRun extends RunWish {
  readonly experiment: Experiment;
  /** Whether the experiment is declared, and not taken from an earlier run's record. */
  readonly declared: boolean;
  /** What the request comes to on this machine. */
  readonly type: "cpu" | "cuda";
  readonly plan: LaunchPlan;
  readonly recorded: RunRecord["device"];
}

/**
 * Completes what is asked for, by the record of a run that goes on or is repeated, and checks it.
 *
 * @throws FoveaError for every mistake that is found before there is a run
 */
export async function prepareRun(
  session: Session,
  wish: RunWish,
  observer: Pick<RunObserver, "note">,
): Promise<PreparedRun> {
  const { home, python } = session;
  const earlier = wish.resume ?? wish.repeat?.of ?? null;
  const before = earlier === null ? null : runRecord(findRunDirectory(home, earlier), earlier);
  const requested = wish.device ?? recordedDevice(before);
  const launcher = wish.launch.launcher ?? before?.launch.launcher;
  const { type, gpus, devices } =
    launcher === "slurm"
      ? await clusterDevice(requested, slurmOptions(wish.launch, before?.launch ?? null))
      : await session.device(requested);
  const experiment = wish.experiment ?? before?.experiment;
  if (experiment === undefined) throw new TypeError("a new run needs an experiment");
  const seen = type === "cuda" ? devices : null;
  const plan = planLaunch(wish.launch, before?.launch ?? null, seen);
  checkProcesses(experiment.recipe, plan.launch, before !== null);
  checkSinks(wish.launch.sinks ?? [], python, session.versions);
  await session.once(peerKey(experiment), () =>
    checkPeer(experiment, python, wish.place, observer),
  );
  const declared = wish.experiment !== null;
  return {
    ...wish,
    experiment,
    declared,
    type,
    plan,
    recorded: hostOf(requested, gpus, wish.visible ?? null),
  };
}

/** Everything that decides whether timm can build an experiment's network. */
function peerKey({ network, recipe }: Experiment): string {
  return isPeer(network) ? contentHash([network, recipe.dropPath]) : "";
}

/** A run goes on, or is repeated, where it began, unless another device is named. */
function recordedDevice(before: RunRecord | null): RequestedDevice {
  const recorded = before?.device.requested ?? "auto";
  return isRequestedDevice(recorded) ? recorded : "auto";
}
