import { runExperiment } from "../../harness/run-experiment.js";
import type { OpenedRun, RunOutcome, RunRequest } from "../../harness/run-request.js";
import type { Node } from "../../launch/launcher.js";
import { effectiveBatchLine } from "../../report/effective-batch.js";
import type { Io } from "../io.js";
import { endingOf } from "./ending.js";
import { Progress } from "./progress.js";

/**
 * Runs an experiment and tells on stderr what happens, and in the end what went wrong.
 *
 * @returns the run as it ended; where it was cancelled before it began, as it stands
 */
export async function runWithProgress(io: Io, request: RunRequest): Promise<RunOutcome> {
  const progress = new Progress(io);
  const outcome = await runExperiment(request, {
    note: (text) => progress.note(text),
    opened: (run) => {
      for (const line of openingOf(run)) progress.note(line);
    },
    event: (event) => progress.event(event),
  }).finally(() => progress.end());
  const { row, tooEarly } = outcome;
  if (row === null) io.note("cancelled before a run was made");
  else if (tooEarly) io.note(`cancelled before ${row.run} went on: it is ${row.status} as before`);
  else for (const line of endingOf(row)) io.note(line);
  return outcome;
}

/** Where the run is, what a step is made of, and what to type on machines that are to join. */
function openingOf({ id, directory, experiment, launch, node }: OpenedRun): readonly string[] {
  const { processes, nodes } = launch;
  const join =
    node === null
      ? []
      : [
          `waiting for ${nodes - 1} more ${nodes === 2 ? "machine" : "machines"}; on each, N its own number from 1:`,
          `  fovea run --join ${id} --node-rank N --nproc ${processes} --nnodes ${nodes} --rendezvous ${addressOf(node)}`,
        ];
  return [
    `run ${id} in ${directory}`,
    effectiveBatchLine(experiment.recipe, processes * nodes),
    ...join,
  ];
}

function addressOf({ rendezvous: { host, port } }: Node): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
