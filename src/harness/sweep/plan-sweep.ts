import { listRuns } from "../../runs/run-index.js";
import { listGpus, mayHaveCuda } from "../gpus.js";
import { countPoints, type NetworkCounts } from "./point-counts.js";
import { type Prediction, Predictor } from "./predict.js";
import { membersOf, Standings } from "./standings.js";
import type { Member, SweepRequest } from "./sweep-request.js";

/** A point with what is known of it before it is run. */
export interface PlannedPoint extends Member {
  readonly counts: NetworkCounts;
  readonly prediction: Prediction;
}

/**
 * How a sweep stands, what its networks count, and what its runs will take. Nothing is written, and
 * Python is asked only where there are peers.
 *
 * @throws FoveaError those of {@link countPoints}
 */
export async function planSweep(
  request: Pick<SweepRequest, "home" | "cwd" | "sweep" | "device" | "launch" | "place">,
  note: (text: string) => void,
): Promise<readonly PlannedPoint[]> {
  const { home, sweep, launch } = request;
  const countsOf = await countPoints(sweep.points, request);
  const rows = await listRuns(home);
  const processes = (launch.processes ?? 1) * (launch.nodes ?? 1);
  const predictor = new Predictor(rows, await deviceOf(request), processes, countsOf);
  return membersOf(sweep, new Standings(home, rows, note), rows).map((member) => ({
    ...member,
    counts: countsOf(member.point.experiment),
    prediction: predictor.of(member.point.experiment),
  }));
}

/** The kind of device that would be trained on, as far as the system shows it without Python. */
async function deviceOf({ device }: Pick<SweepRequest, "device">): Promise<"cpu" | "cuda"> {
  if (device === "cpu" || device === "cuda") return device;
  return mayHaveCuda(await listGpus()) ? "cuda" : "cpu";
}
