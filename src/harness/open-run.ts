import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { writeFiles } from "../disk/write-files.js";
import { FoveaError } from "../ir/error.js";
import { contentHash } from "../ir/hash.js";
import type { LauncherName } from "../ir/run.js";
import { isPeer, type Trainable } from "../ir/trainable.js";
import { startOf } from "../launch/process-identity.js";
import { type Claim, isClaim } from "../runs/claim.js";
import { claimEnded } from "../runs/claim-ended.js";
import { claimRun } from "../runs/claim-run.js";
import { findRunDirectory } from "../runs/find-run.js";
import { homeError } from "../runs/home-error.js";
import { readStatus, runRecord, writeRunRecord, writeStatus } from "../runs/records.js";
import { repairTail } from "../runs/repair-tail.js";
import { makeRunDirectory } from "../runs/run-directory.js";
import { emitPackage } from "./emit-package.js";
import type { PreparedRun } from "./prepare-run.js";
import type { Session } from "./session.js";

/** A run that is this process's to train. */
export interface OpenRun {
  readonly id: string;
  readonly directory: string;
  /** The generated package, relative to the directory; `null` for a peer, which has none. */
  readonly package: string | null;
  /** Size of its events before it goes on. */
  readonly since: number;
  readonly resume: boolean;
  /** Who has it records its end. */
  readonly claim: Claim;
}

/**
 * Takes the run that is asked for: a new one, or one that goes on.
 *
 * @throws FoveaError those of {@link openNewRun} and {@link openRunAgain}
 */
export async function openRun(session: Session, prepared: PreparedRun): Promise<OpenRun> {
  return prepared.resume === null
    ? openNewRun(session, prepared)
    : openRunAgain(session, prepared.resume, prepared);
}

/**
 * Makes a new run: its folder, `run.json`, `status.json` and, unless it trains a peer, the generated
 * package. A failure leaves nothing behind.
 *
 * @throws FoveaError FOV0051 where the home cannot be written
 */
function openNewRun(
  session: Session,
  { experiment, plan: { launch }, recorded, unverified, repeat }: PreparedRun,
): OpenRun {
  const { home, versions, git, source } = session;
  const hash = contentHash(experiment);
  const { id, directory } = makeRunDirectory(home, experiment.name, hash);
  try {
    const { network } = experiment;
    const path = isPeer(network) ? null : `package/${network.name}`;
    writeRunRecord(directory, {
      v: 1,
      run: id,
      hash,
      experiment,
      versions,
      git,
      device: recorded,
      package: path,
      source,
      unverified,
      launch,
      replayOf: repeat?.of ?? null,
    });
    writeQueued(directory, launch.launcher);
    const claim = claimRun(directory);
    if (!isClaim(claim))
      throw new Error(`${directory} was made by this process and is taken by another`);
    if (path !== null && repeat?.files) writeFiles(join(directory, path), repeat.files);
    emitInto(session, directory, path, network, source);
    return { id, directory, package: path, since: 0, resume: false, claim };
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw homeError(error, directory);
  }
}

/**
 * Takes an ended run to go on with it (contract, line 25).
 *
 * @throws FoveaError FOV0070 for an unknown id, FOV0071 where the run is live, completed or of
 *   another experiment
 */
async function openRunAgain(
  session: Session,
  id: string,
  { experiment, declared, plan }: Pick<PreparedRun, "experiment" | "declared" | "plan">,
): Promise<OpenRun> {
  const directory = findRunDirectory(session.home, id);
  const record = runRecord(directory, id);
  if (declared && contentHash(experiment) !== record.hash) {
    throw refused(id, "is a run of another experiment", "run it without --resume");
  }
  const claim = await claimEnded(directory);
  if (!isClaim(claim)) {
    const where = claim.host === null || claim.host === hostname() ? "" : ` on ${claim.host}`;
    const fix = `wait for it, or stop it${where === "" ? "" : " there"}: fovea runs cancel ${id}`;
    throw refused(id, `is still running${where}`, fix);
  }
  try {
    const status = readStatus(directory);
    if ("value" in status && status.value.status === "completed") {
      throw refused(id, "is completed", "run the experiment without --resume for another run");
    }
    const since = repairTail(directory).size;
    emitInto(session, directory, record.package, record.experiment.network, record.source);
    // Last of all: what cannot go on stays as it ended.
    writeQueued(directory, plan.launch.launcher);
    return { id, directory, package: record.package, since, resume: true, claim };
  } catch (error) {
    claim.release();
    throw homeError(error, directory);
  }
}

function emitInto(
  session: Session,
  directory: string,
  path: string | null,
  network: Trainable,
  source: string | null,
): void {
  if (path === null || isPeer(network)) return;
  emitPackage(join(directory, path), () => session.emit(network, source));
}

/** Until training starts, this process is the run's: it can be asked to stop, or be found dead. */
function writeQueued(directory: string, launcher: LauncherName): void {
  writeStatus(directory, {
    status: "queued",
    reason: null,
    pid: process.pid,
    started: startOf(process.pid),
    launcher,
    job: null,
    host: hostname(),
  });
}

function refused(id: string, why: string, fix: string): FoveaError {
  return new FoveaError({ code: "FOV0071", message: `${id} ${why}`, value: id, fix });
}
