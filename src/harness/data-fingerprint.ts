import { z } from "zod";
import type { Experiment } from "../ir/experiment.js";
import type { Python } from "../launch/python.js";
import { askPython } from "./ask-python.js";

/** Digests of what a run is trained and evaluated on, by split (docs/provenance.md). */
export type DataFingerprint = Readonly<Record<string, string>>;

const Answer = z.object({ data: z.record(z.string(), z.string()) });

/**
 * What an experiment's data is now. Imports torch: seconds.
 *
 * @throws FoveaError FOV0100 where the data cannot be found or used, and those of {@link askPython}
 */
export async function fingerprintData(
  experiment: Experiment,
  python: Python,
  onNote: (line: string) => void,
): Promise<DataFingerprint> {
  const question = {
    module: "fovea_runtime.data",
    request: { experiment },
    answer: Answer,
    at: "looking at the data",
    fix: "run the command again with --verbose and report what it prints",
  };
  return (await askPython(question, { python, onNote })).data;
}
