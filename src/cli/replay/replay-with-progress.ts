import { type Replay, type ReplayRequest, replayRun } from "../../harness/replay-run.js";
import type { Io } from "../io.js";
import { endingOf } from "../run/ending.js";
import { Progress } from "../run/progress.js";

/** Replays a run and tells on stderr what happens, and what went wrong where it did not come far. */
export async function replayWithProgress(io: Io, request: ReplayRequest): Promise<Replay> {
  const progress = new Progress(io);
  const found = await replayRun(request, {
    note: (text) => progress.note(text),
    opened: ({ id, directory }) => progress.note(`${id} repeats ${request.run}, in ${directory}`),
    event: (event) => progress.event(event),
  }).finally(() => progress.end());
  const { row, reached } = found;
  if (row === null) io.note("cancelled before a run was made");
  else if (!reached) for (const line of endingOf(row)) io.note(line);
  return found;
}
