import type { SourceLocation } from "../ir/error.js";
import type { Event } from "../ir/event.js";
import type { Experiment } from "../ir/experiment.js";
import type { Peer } from "../ir/peer.js";
import type { RunRow } from "../runs/run-row.js";
import type { PackageFile } from "./emit-package.js";
import type { LaunchPlan, LaunchRequest } from "./launch-request.js";
import type { RequestedDevice } from "./resolve-device.js";

/** How a run is run again. */
interface Repetition {
  /** Id of the run: its record says what is trained, and how. */
  readonly of: string;
  /** Its package, as the new run has it, byte for byte; `null` emits it anew, or is a peer's. */
  readonly files: readonly PackageFile[] | null;
  /** Optimizer step that the new run ends after; `null` makes all. */
  readonly stopAfter: number | null;
}

/** One run to start, to resume or to repeat. */
export interface RunRequest {
  /** `null` only with `resume` or `repeat`: that run's own record is taken. */
  readonly experiment: Experiment | null;
  /** Base name of the file that declares it, or a shipped name. */
  readonly source: string | null;
  /** Folder whose git state is recorded. */
  readonly folder: string;
  readonly cwd: string;
  readonly home: string;
  /** `null` stands for the recorded one, or `auto`. */
  readonly device: RequestedDevice | null;
  /** Id of the run to go on with. */
  readonly resume: string | null;
  /** The new run repeats an earlier one. */
  readonly repeat?: Repetition;
  readonly launch: LaunchRequest;
  /** Train without verifying the kernels; recorded. */
  readonly unverified: boolean;
  /** Where a peer was written, for a mistake that Python finds in it. */
  readonly place?: (peer: Peer) => SourceLocation | undefined;
}

/** A run that is about to be trained. */
export interface OpenedRun extends LaunchPlan {
  readonly id: string;
  readonly directory: string;
  readonly experiment: Experiment;
}

/** What a request came to. */
export interface RunOutcome {
  /** The run as it stands; `null` where there is none. */
  readonly row: RunRow | null;
  /** Whether it was cancelled before it began, or began again: the row is not of this request. */
  readonly tooEarly: boolean;
}

/** Told of what happens, as it happens. */
export interface RunObserver {
  note(text: string): void;
  opened(run: OpenedRun): void;
  event(event: Event): void;
}
