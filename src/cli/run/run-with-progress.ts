import { runExperiment } from "../../harness/run-experiment.js";
import type { RunRequest } from "../../harness/run-request.js";
import type { RunRow } from "../../runs/run-row.js";
import type { Io } from "../io.js";
import { endingOf } from "./ending.js";
import { Progress } from "./progress.js";

/**
 * Runs an experiment and tells on stderr what happens, and in the end what went wrong.
 *
 * @returns the run as it ended; `null` where it was cancelled before there was one
 */
export async function runWithProgress(io: Io, request: RunRequest): Promise<RunRow | null> {
  const progress = new Progress(io);
  const row = await runExperiment(request, {
    note: (text) => progress.note(text),
    opened: (id, directory) => progress.note(`run ${id} in ${directory}`),
    event: (event) => progress.event(event),
  }).finally(() => progress.end());
  if (row === null) io.note("cancelled before a run was made");
  else for (const line of endingOf(row)) io.note(line);
  return row;
}
