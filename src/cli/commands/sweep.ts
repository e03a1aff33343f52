import type { Command } from "commander";
import type { PlannedPoint } from "../../harness/sweep/plan-sweep.js";
import type { Member } from "../../harness/sweep/sweep-request.js";
import type { Peer } from "../../ir/peer.js";
import { type ActionMaker, EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { addSweepOptions, readSweepOptions, type SweepFlags } from "../sweep/options.js";

/** `fovea sweep`: the runs of a sweep that are missing. */
export function register(program: Command, action: ActionMaker): void {
  const command = program
    .command("sweep")
    .description("run what is missing of a sweep, or print its table")
    .argument("<file>", "the file that exports a sweep");
  addSweepOptions(command).allowExcessArguments(false).action(action(sweep));
}

async function sweep(io: Io, file: string, flags: SweepFlags): Promise<ExitCode> {
  const cwd = process.cwd();
  const [{ dirname }, { loadSweep }, { homeDirectory }, { peerPlace }, { setInAll }] =
    await Promise.all([
      import("node:path"),
      import("../../load/load-sweep.js"),
      import("../../launch/home.js"),
      import("../../load/peer-place.js"),
      import("../../harness/sweep/set-in-all.js"),
    ]);
  const options = readSweepOptions(flags);
  const loaded = await loadSweep(file, cwd);
  const request = {
    ...options,
    sweep: setInAll(loaded.sweep, flags.set),
    source: loaded.source,
    folder: dirname(loaded.file),
    cwd,
    home: homeDirectory(cwd),
    place: (peer: Peer) => peerPlace(peer, loaded),
  };
  const { planTable, endTable } = await import("../sweep/tables.js");
  if (flags.plan) {
    const { planSweep } = await import("../../harness/sweep/plan-sweep.js");
    const points = await planSweep(request, io.note);
    if (io.json) await io.result({ sweep: request.sweep.name, runs: points.map(plannedDocument) });
    else await io.print(planTable(request.sweep, points));
    return EXIT.done;
  }
  const [{ runSweep }, { SweepProgress }] = await Promise.all([
    import("../../harness/sweep/run-sweep.js"),
    import("../sweep/progress.js"),
  ]);
  const progress = new SweepProgress(io, request.sweep);
  const { members, cancelled, stopped } = await runSweep(request, progress).finally(() =>
    progress.end(),
  );
  // What ended the call stands beside the rows: stdout has one document.
  let failure: object = {};
  if (stopped !== null) {
    const { reportFailure } = await import("../failure.js");
    const result = async (document: object): Promise<void> => {
      failure = document;
    };
    await reportFailure(stopped, { ...io, result });
  }
  const runs = members.map(document);
  if (io.json) await io.result({ sweep: request.sweep.name, runs, ...failure });
  else await io.print(endTable(request.sweep, members));
  if (cancelled) return EXIT.cancelled;
  return members.every(({ status }) => status === "completed") ? EXIT.done : EXIT.failed;
}

function document({ point: { hash, axes, seed }, status, row }: Member): object {
  const { run = null, dir = null, metrics = {}, reason = null } = row ?? {};
  return { hash, axes, seed, run, status, metrics, dir, reason };
}

function plannedDocument({ counts, prediction, ...member }: PlannedPoint): object {
  const { parameters, macs } = counts;
  return { ...document(member), parameters, macs, predicted: prediction };
}
