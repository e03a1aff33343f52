import type { Peer } from "../ir/peer.js";

/** A network with its weights, as Python's `fovea_runtime.subject` takes it; paths are absolute. */
export interface SubjectRequest {
  /** What reports call it; `null` for the network's own name. */
  readonly name: string | null;
  /** Folder of a generated package; `null` where it is a peer. */
  readonly package: string | null;
  readonly peer: Peer | null;
  /** `null` for fresh ones. */
  readonly weights: string | null;
  /** Whether the moving average is wanted; `null` for the one that a run's checkpoint may have. */
  readonly average: boolean | null;
}
