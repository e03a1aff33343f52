import type { DenseData } from "../ir/data.js";
import { DataBench } from "../ir/data-bench.js";
import type { Experiment } from "../ir/experiment.js";
import type { Python } from "../launch/python.js";
import { askPython } from "./ask-python.js";

/** What is measured, and how. */
export interface DataBenchRequest {
  /** The experiment whose data are measured; `null` for a dense task's. */
  readonly experiment: Experiment | null;
  /** A dense task's data and images a batch; `null` beside an experiment. */
  readonly data: DenseData | null;
  readonly batch: number | null;
  /** Numbers of processes that decode. */
  readonly workers: readonly number[];
  /** Batches a sample. */
  readonly batches: number;
  /** Samples of each. */
  readonly rounds: number;
}

/**
 * Measures how fast training gets its images, beside the reading of their bytes and torchvision's
 * loader.
 *
 * @param onNote - takes Python's lines on stderr as they come
 * @throws FoveaError FOV0100 where the data cannot be used, FOV0060 where a package is missing,
 *   FOV0090 where Python itself failed
 */
export async function benchData(
  request: DataBenchRequest,
  options: { readonly python: Python; readonly onNote: (line: string) => void },
): Promise<DataBench> {
  const question = {
    module: "fovea_runtime.bench_data",
    request,
    answer: DataBench,
    at: "the data",
    fix: "see `fovea doctor`; fewer --workers and a smaller --batch take less memory",
  };
  return await askPython(question, options);
}
