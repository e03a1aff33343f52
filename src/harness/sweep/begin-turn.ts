import { join } from "node:path";
import { type FoveaError, isFoveaError } from "../../ir/error.js";
import type { EndStatus } from "../../ir/event.js";
import type { SweepPoint } from "../../ir/sweep.js";
import { type Claim, isClaim, ownerOf } from "../../runs/claim.js";
import { claimPoint } from "../../runs/claim-point.js";
import { ownerLock } from "../../runs/claim-run.js";
import { otherHost } from "../../runs/life.js";
import { readStatus } from "../../runs/records.js";
import { runsDirectory } from "../../runs/run-directory.js";
import { type OpenRun, openRun } from "../open-run.js";
import { type PreparedRun, prepareRun } from "../prepare-run.js";
import type { Coordination, TurnEnd } from "./coordination.js";
import type { Standing } from "./standings.js";

/** How a turn begins. What is this process's has to be released. */
export type Begun =
  | { readonly kind: "busy"; readonly run: string | null; readonly host: string | null }
  | { readonly kind: "over"; readonly claim: Claim; readonly end: TurnEnd }
  | {
      readonly kind: "orphan";
      readonly claim: Claim;
      readonly run: string;
      readonly directory: string;
      /** CUDA_VISIBLE_DEVICES that it was started with. */
      readonly visible: string | null;
    }
  | {
      readonly kind: "open";
      readonly claim: Claim;
      readonly run: OpenRun;
      readonly prepared: PreparedRun;
    };

/**
 * Takes a point and opens its run, if there is still something to do: it may be done, somebody else
 * may have it, and a coordinator that was killed may have left its training alive.
 *
 * @param visible - CUDA_VISIBLE_DEVICES of the run
 * @throws FoveaError for every mistake that is found before anything is trained
 */
export async function beginTurn(
  turns: Coordination,
  point: SweepPoint,
  visible: string | null,
): Promise<Begun> {
  const { session, watch, standings } = turns;
  const claim = claimPoint(session.home, point.hash, watch, visible);
  if (!isClaim(claim)) return { kind: "busy", run: null, host: claim.host };
  try {
    const standing = standings.of(point);
    const begun = standing.live
      ? orphanOf(turns, standing, claim)
      : overOf(turns, point, standing, claim);
    if (begun !== null) {
      if (begun.kind === "busy") claim.release();
      return begun;
    }
    const { run, prepared } = await open(turns, point, standing, visible);
    return { kind: "open", claim, run, prepared };
  } catch (error) {
    claim.release();
    throw error;
  }
}

/** A live run whose command is gone is this sweep's to attend; another's is waited for. */
function orphanOf({ session, watch }: Coordination, { run }: Standing, claim: Claim): Begun {
  const directory = join(runsDirectory(session.home), run ?? "");
  const status = readStatus(directory);
  const host = "value" in status ? otherHost(status.value) : null;
  const owner = ownerOf(session.home, ownerLock(directory), watch);
  if (run === null || host !== null || owner !== null) return { kind: "busy", run, host };
  return { kind: "orphan", claim, run, directory, visible: claim.before.at(-1)?.about ?? null };
}

/** Whether the point is done, or had its turn from another coordinator since this one looked. */
function overOf(
  { seen }: Coordination,
  point: SweepPoint,
  { status, run, print }: Standing,
  claim: Claim,
): Begun | null {
  if (status === "new") return null;
  const before = status === "completed";
  if (!before && seen.get(point.hash) === print) return null;
  const end = { point, status: status as EndStatus, reason: null, run, before };
  return { kind: "over", claim, end };
}

async function open(
  turns: Coordination,
  point: SweepPoint,
  { run }: Standing,
  visible: string | null,
): Promise<{ readonly run: OpenRun; readonly prepared: PreparedRun }> {
  const resume = run !== null && turns.spoilt.has(run) ? null : run;
  try {
    return await openAs(turns, point, resume, visible);
  } catch (error) {
    if (resume === null || !isFoveaError(error) || !isOfFolder(error)) throw error;
    turns.observer.note(`${resume} cannot go on, its point is run anew: ${error.message}`);
    return await openAs(turns, point, null, visible);
  }
}

/** What the system refuses in one folder alone: it is damaged, or another user's. */
const OF_FOLDER = new Set(["EACCES", "EISDIR", "ELOOP", "ENOTDIR", "EPERM"]);

/** Whether a run cannot go on for a reason that a new one of its point may not have. */
function isOfFolder({ code, cause }: FoveaError): boolean {
  if (code !== "FOV0051") return code.startsWith("FOV007");
  return OF_FOLDER.has((cause as NodeJS.ErrnoException | undefined)?.code ?? "");
}

async function openAs(
  { session, request, threads, observer }: Coordination,
  point: SweepPoint,
  resume: string | null,
  visible: string | null,
): Promise<{ readonly run: OpenRun; readonly prepared: PreparedRun }> {
  const { device, unverified, place } = request;
  const launch = { ...request.launch, ...(threads === null ? {} : { threads }) };
  const { experiment } = point;
  const wish = { experiment, resume, device, launch, unverified, place, visible };
  const prepared = await prepareRun(session, wish, observer);
  const run = await openRun(session, prepared);
  observer.started({ point, run: run.id, resumed: resume !== null, visible });
  return { run, prepared };
}
