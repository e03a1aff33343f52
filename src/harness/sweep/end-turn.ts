import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { SweepPoint } from "../../ir/sweep.js";
import type { RunEnd } from "../../runs/end-run.js";
import { eventsFile } from "../../runs/scan-events.js";
import type { OpenRun } from "../open-run.js";
import type { Coordination, TurnEnd } from "./coordination.js";

/**
 * What the training of a point's run came to. Whoever removes a run's folder while it trains has
 * lost it; a run that went on and made not one step cannot go on, and its point is run anew.
 */
export function endTurn(
  { standings, seen, spoilt }: Coordination,
  point: SweepPoint,
  run: OpenRun,
  end: RunEnd | Error,
): TurnEnd {
  if (!existsSync(join(run.directory, "run.json"))) {
    const reason = `its folder was removed while it ran: ${run.directory}`;
    return { point, status: "lost", reason, run: null, before: false };
  }
  if (end instanceof Error) throw end;
  if (run.resume && end.status === "failed" && !hasStepped(run)) spoilt.add(run.id);
  seen.set(point.hash, standings.of(point).print);
  return { point, ...end, run: run.id, before: false };
}

const CHUNK = 64 * 1024;

/** Whether a run made a step since it went on; events that cannot be read have none. */
function hasStepped({ directory, since }: OpenRun): boolean {
  let file: number | null = null;
  try {
    file = openSync(eventsFile(directory), "r");
    const chunk = Buffer.alloc(CHUNK);
    const bytes = readSync(file, chunk, 0, CHUNK, since);
    return chunk.toString("utf8", 0, bytes).includes('"type":"step"');
  } catch {
    return false;
  } finally {
    if (file !== null) closeSync(file);
  }
}
