import type { SourceLocation } from "../../ir/error.js";
import type { RunStatus } from "../../ir/event.js";
import type { Peer } from "../../ir/peer.js";
import type { Sweep, SweepPoint } from "../../ir/sweep.js";
import type { RunRow } from "../../runs/run-row.js";
import type { LaunchRequest } from "../launch-request.js";
import type { RequestedDevice } from "../resolve-device.js";
import type { Order } from "./order-points.js";
import type { RetryPolicy } from "./retry-policy.js";

/** A sweep and how it is to be run. */
export interface SweepRequest {
  readonly sweep: Sweep;
  /** Base name of the file that declares it. */
  readonly source: string;
  /** Folder whose git state is recorded. */
  readonly folder: string;
  readonly cwd: string;
  readonly home: string;
  readonly device: RequestedDevice | null;
  readonly launch: LaunchRequest;
  readonly unverified: boolean;
  /** Runs at a time; `null` is one for each of `gpus`, else one. */
  readonly slots: number | null;
  /** Numbers of GPUs as torch counts them here; `null` leaves each run the user's. */
  readonly gpus: readonly number[] | null;
  readonly order: Order;
  /** How many points may end without completing before no more is started. */
  readonly maxFailures: number | null;
  readonly retry: RetryPolicy;
  /** Where a peer was written, for a mistake that Python finds in it. */
  readonly place: (peer: Peer) => SourceLocation | undefined;
}

/** A point and the run of it that counts. */
export interface Member {
  readonly point: SweepPoint;
  readonly status: RunStatus | "new";
  /** `null` where there is no run. */
  readonly row: RunRow | null;
}

/** How a sweep stands at the end of a command. */
export interface SweepEnd {
  readonly members: readonly Member[];
  readonly cancelled: boolean;
  /** Why nothing more was started before all had their turn. */
  readonly stopped: unknown;
}

/** A run that is started. */
export interface StartedPoint {
  readonly point: SweepPoint;
  readonly run: string;
  readonly resumed: boolean;
  /** CUDA_VISIBLE_DEVICES where the sweep chooses it. */
  readonly visible: string | null;
}

/** Told of what happens, as it happens. */
export interface SweepObserver {
  note(text: string): void;
  /** How many points there are, and how many are done already. */
  planned(points: number, done: number): void;
  started(start: StartedPoint): void;
  /** Somebody else has it: it is waited for. */
  waiting(point: SweepPoint, run: string | null, host: string | null): void;
  /**
   * A point's turn is over.
   *
   * @param row - the run as it ended; `null` where it left none
   * @param again - whether it is tried again
   */
  ended(point: SweepPoint, row: RunRow | null, reason: string | null, again: boolean): void;
}
