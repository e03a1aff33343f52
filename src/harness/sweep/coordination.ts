import type { EndStatus } from "../../ir/event.js";
import type { SweepPoint } from "../../ir/sweep.js";
import type { BeatWatch } from "../../runs/beat.js";
import type { Interrupts } from "../interrupts.js";
import type { Session } from "../session.js";
import type { Standings } from "./standings.js";
import type { SweepObserver, SweepRequest } from "./sweep-request.js";

/** What the turns of a sweep have in common. */
export interface Coordination {
  readonly request: SweepRequest;
  readonly session: Session;
  readonly standings: Standings;
  readonly interrupts: Interrupts;
  readonly observer: SweepObserver;
  readonly watch: BeatWatch;
  /** How each point stood before its first turn, or after its last one here: by its hash. */
  readonly seen: Map<string, string>;
  /** Runs that could not go on: their points are run anew. */
  readonly spoilt: Set<string>;
  /** OMP_NUM_THREADS of each new run; `null` leaves it to torch. */
  readonly threads: number | null;
}

/** How a point's turn ended. */
export interface TurnEnd {
  readonly point: SweepPoint;
  readonly status: EndStatus;
  readonly reason: string | null;
  /** `null` where its folder is gone. */
  readonly run: string | null;
  /** Whether it was done before: nothing was run. */
  readonly before: boolean;
}
