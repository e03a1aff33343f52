import { availableParallelism } from "node:os";
import { launcherOf } from "../../launch/launchers.js";
import { BeatWatch } from "../../runs/beat.js";
import { forgetClaims } from "../../runs/claim-point.js";
import { listRuns } from "../../runs/run-index.js";
import { watchInterrupts } from "../interrupts.js";
import { type PreparedRun, prepareRun } from "../prepare-run.js";
import { openSession, type Session } from "../session.js";
import type { Coordination } from "./coordination.js";
import { orderPoints } from "./order-points.js";
import { pointCosts } from "./point-costs.js";
import { runInSlots } from "./run-in-slots.js";
import { runTogether } from "./run-together.js";
import { type Slot, slotsOf, threadsOf } from "./slots.js";
import { membersOf, Standings } from "./standings.js";
import type { SweepEnd, SweepObserver, SweepRequest } from "./sweep-request.js";
import { TurnBook } from "./turn-book.js";

/**
 * Runs what is missing of a sweep: every point that has no completed run has one turn, and further
 * ones as the request's retries say. Several processes may run the same sweep; each point runs once.
 * The first Ctrl-C lets all that train write a checkpoint and starts nothing more, the next kills.
 *
 * @throws FoveaError for every mistake that is found before anything is trained
 */
export async function runSweep(request: SweepRequest, observer: SweepObserver): Promise<SweepEnd> {
  const interrupts = watchInterrupts();
  try {
    const { home, sweep } = request;
    const session = await openSession({ ...request, verb: "sweep" });
    const standings = new Standings(home, await listRuns(home), (text) => observer.note(text));
    const seen = new Map<string, string>();
    const missing = sweep.points.filter((point) => {
      const { status, live, print } = standings.listed(point);
      if (status !== "completed" && status !== "new" && !live) seen.set(point.hash, print);
      return status !== "completed";
    });
    const watch = new BeatWatch();
    const left = new Set(missing.map(({ hash }) => hash));
    const all = new Set(sweep.points.map(({ hash }) => hash));
    forgetClaims(home, watch, (hash) => all.has(hash) && !left.has(hash));
    observer.planned(sweep.points.length, sweep.points.length - missing.length);
    const plan = await planSlots(session, request, missing, observer);
    const cost = await pointCosts(request, missing);
    const ordered = orderPoints(missing, request.order, cost);
    const turns: Coordination = {
      request,
      session,
      standings,
      interrupts,
      observer,
      watch,
      seen,
      spoilt: new Set(),
      threads: plan.threads,
    };
    const book = new TurnBook(turns);
    const live = interrupts.listen((press) =>
      observer.note(
        press === 1
          ? "stopping: all that train write a checkpoint first; Ctrl-C again kills them"
          : "killing what trains",
      ),
    );
    if (plan.together !== null) await runTogether(turns, ordered, plan.together, book);
    else await runInSlots(turns, ordered, plan.slots, book);
    live();
    const cancelled = interrupts.presses > 0;
    const rows = await listRuns(home);
    // What is wrong with a run was told before.
    const members = membersOf(sweep, new Standings(home, rows, () => {}), rows);
    return { members, cancelled, stopped: book.stopped };
  } finally {
    interrupts.dispose();
  }
}

interface SlotPlan {
  readonly slots: readonly Slot[];
  readonly threads: number | null;
  /** Most at a time, where the launcher takes all as one; else `null`. */
  readonly together: number | null;
}

/** Checks every point as it is to be run, and shares the machine among the places. */
async function planSlots(
  session: Session,
  request: SweepRequest,
  missing: SweepRequest["sweep"]["points"],
  observer: SweepObserver,
): Promise<SlotPlan> {
  const { device, launch, unverified, place, gpus, slots } = request;
  // With --gpus a process of torchrun is not for every GPU there is.
  const given =
    gpus === null ? launch : { ...launch, processes: launch.processes ?? onePerRun(launch) };
  let first: PreparedRun | null = null;
  for (const { experiment } of missing) {
    const wish = { experiment, resume: null, device, launch: given, unverified, place };
    first ??= await prepareRun(session, wish, observer);
    await prepareRun(session, wish, observer);
  }
  if (first === null) return { slots: [], threads: null, together: null };
  const { launcher, processes } = first.plan.launch;
  if (launcherOf(launcher).submitAll !== undefined) {
    return { slots: [], threads: null, together: slots ?? missing.length };
  }
  const { devices } = await session.device(device ?? "auto");
  const seen = first.type === "cuda" ? devices : null;
  const places = slotsOf({ slots, gpus, processes, devices: seen });
  const threads = threadsOf(places.length, processes);
  if (places.length > 1) observer.note(placesText(places, threads));
  return { slots: places, threads, together: null };
}

function onePerRun({ launcher }: SweepRequest["launch"]): number | undefined {
  return launcher === "torchrun" ? 1 : undefined;
}

/** Sums of floats depend on how many threads share them, so that is said. */
function placesText(places: readonly Slot[], threads: number | null): string {
  const count = availableParallelism();
  const cores = count === 1 ? "1 core" : `${count} cores`;
  const gpus = places.flatMap(({ visible }) => (visible === null ? [] : [visible]));
  const each =
    threads === null
      ? `as many threads each as your OMP_NUM_THREADS says, ${process.env["OMP_NUM_THREADS"]}`
      : `${threads} ${threads === 1 ? "thread" : "threads"} each of ${cores}, which each run records; with another number the last bits of its losses may differ (OMP_NUM_THREADS sets it)`;
  return `${places.length} runs at a time${gpus.length === 0 ? "" : ` on the GPUs ${gpus.join(", ")}`}, ${each}`;
}
