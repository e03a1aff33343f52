import { account } from "../../analyse/account.js";
import type { Experiment } from "../../ir/experiment.js";
import { contentHash } from "../../ir/hash.js";
import { isPeer } from "../../ir/trainable.js";
import { readRunRecord } from "../../runs/records.js";
import type { RunRow } from "../../runs/run-row.js";
import type { CountsOf, NetworkCounts } from "./point-counts.js";
import { trainingImages } from "./training-images.js";

/** What a prediction rests on. */
type Basis =
  /** Runs of the same network on the same kind of device. */
  | "measured"
  /** Multiply-adds, at the rate of runs of other networks on the same kind of device. */
  | "macs";

export interface Prediction {
  /** Of the whole training; `null` where nothing like it was ever run, or its images are not known. */
  readonly seconds: number | null;
  readonly basis: Basis | null;
  /** Bytes of weights, gradients, moments, average and activations; `null` for a peer. */
  readonly memory: number | null;
}

/** As many of the newest completed runs are read: more would tell no more. */
const MOST_RUNS = 200;
/** Of a float32, which weights, gradients and moments are. */
const BYTES = 4;

/** What a run of this home took for each image that it trained on. */
interface Measured {
  /** The network's hash. */
  readonly network: string;
  readonly experiment: Experiment;
  readonly seconds: number;
}

/**
 * Predicts time and memory of trainings from what a home has measured and from counts. Nothing is
 * taken from anywhere else: where nothing was run on such a device no time is predicted.
 */
export class Predictor {
  readonly #countsOf: CountsOf;
  readonly #processes: number;
  readonly #seconds = new Map<string, number>();
  /** Multiply-adds a second. */
  readonly #rate: number | null;

  /**
   * @param rows - of a home, oldest first
   * @param device - the kind that is trained on
   * @param processes - that train a run together
   */
  constructor(
    rows: readonly RunRow[],
    device: "cpu" | "cuda",
    processes: number,
    countsOf: CountsOf,
  ) {
    this.#countsOf = countsOf;
    this.#processes = processes;
    const measured = rows
      .filter((row) => row.status === "completed" && row.device.startsWith(device))
      .filter((row) => row.processes === processes)
      .slice(-MOST_RUNS)
      .map(measure)
      .filter((each) => each !== null);
    for (const { network } of measured) {
      const own = measured.filter((each) => each.network === network);
      this.#seconds.set(network, median(own.map(({ seconds }) => seconds)));
    }
    this.#rate = medianOf(measured.map((each) => rateOf(each)).filter((each) => each !== null));
  }

  of(experiment: Experiment): Prediction {
    const counts = this.#countsOf(experiment);
    return { ...this.#time(experiment, counts), memory: this.#memory(experiment, counts) };
  }

  #time(experiment: Experiment, { macs }: NetworkCounts): Pick<Prediction, "seconds" | "basis"> {
    const images = trainingImages(experiment);
    if (images === null) return { seconds: null, basis: null };
    const each = this.#seconds.get(contentHash(experiment.network));
    if (each !== undefined) return { seconds: images * each, basis: "measured" };
    if (this.#rate === null) return { seconds: null, basis: null };
    return { seconds: (images * macs) / this.#rate, basis: "macs" };
  }

  #memory({ recipe }: Experiment, { parameters, kept }: NetworkCounts): number | null {
    if (kept === null) return null;
    const { batch, accumulate, ema, amp } = recipe;
    // The weights, their gradients, AdamW's two moments.
    const copies = 4 + (ema === false ? 0 : 1);
    const piece = batch / (accumulate * this.#processes);
    return Math.round(copies * BYTES * parameters + piece * kept * (amp === false ? BYTES : 2));
  }
}

function measure({ dir, step, seconds }: RunRow): Measured | null {
  const record = readRunRecord(dir);
  if (!("value" in record) || step === 0 || seconds === 0) return null;
  const { experiment } = record.value;
  const images = step * experiment.recipe.batch;
  return { network: contentHash(experiment.network), experiment, seconds: seconds / images };
}

/** Of a peer only Python knows the multiply-adds: it tells nothing of other networks here. */
function rateOf({ experiment: { network }, seconds }: Measured): number | null {
  return isPeer(network) ? null : account(network).macs.dense / seconds;
}

function medianOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : median(values);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === undefined) throw new TypeError("there is no median of nothing");
  return sorted.length % 2 === 0 && low !== undefined ? (low + high) / 2 : high;
}
