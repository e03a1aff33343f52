import { dirname } from "node:path";
import { FoveaError } from "../../ir/error.js";
import type { Experiment } from "../../ir/experiment.js";
import { isPeer, type Trainable } from "../../ir/trainable.js";

/** An experiment as the command line asks for it. */
export interface DeclaredExperiment {
  /** `null` where `--resume` stands alone. */
  readonly experiment: Experiment | null;
  /** Base name of its file, or its shipped name. */
  readonly source: string | null;
  /** The folder that its file is in. */
  readonly folder: string;
  /** That file, and every file of the user's that was read; `null` and none for what is shipped. */
  readonly file: string | null;
  readonly files: readonly string[];
}

/**
 * Loads the experiment that is meant and applies `--set` to it.
 *
 * @param file - a file or a shipped name; may be left out beside `--resume`
 * @throws FoveaError FOV0003 without a file, FOV0034 where the file declares no experiment, and
 *   those of loading and of {@link applySettings}
 */
export async function loadExperiment(
  file: string | undefined,
  resume: string | null,
  set: readonly string[],
  home: string,
  cwd: string,
): Promise<DeclaredExperiment> {
  const declared =
    file === undefined ? await recorded(resume, home, cwd) : await fromFile(file, cwd);
  if (set.length === 0 || declared.experiment === null) return declared;
  const { applySettings } = await import("../../harness/settings.js");
  return { ...declared, experiment: applySettings(declared.experiment, set) };
}

async function fromFile(target: string, cwd: string): Promise<DeclaredExperiment> {
  const { loadAnyTarget } = await import("../../load/load-target.js");
  const { source, file, files, experiment, trainables, sweep } = await loadAnyTarget(target, {
    cwd,
    note: () => {},
  });
  if (sweep !== null) throw declaresSweep(target, source, file);
  if (experiment !== null) {
    return { experiment, source, folder: file === null ? cwd : dirname(file), file, files };
  }
  throw new FoveaError({
    code: "FOV0034",
    message: `${source} declares ${whatIs(trainables)}; \`fovea run\` takes an experiment`,
    allowed: "a file whose default export is experiment({ name, network, data, recipe, … })",
    fix: `wrap the network: export default experiment({ name: "my_run", network: ${written(trainables[0])}, task: "classification", data: digits({ train: 2000, test: 500 }), recipe: {}, seed: 0 })`,
    ...(file === null ? {} : { location: { file } }),
  });
}

function declaresSweep(target: string, source: string, file: string | null): FoveaError {
  return new FoveaError({
    code: "FOV0034",
    message: `${source} declares a sweep; \`fovea run\` takes an experiment`,
    value: target,
    allowed: "a file whose default export is experiment({ name, network, data, recipe, … })",
    fix: `fovea sweep ${target}`,
    ...(file === null ? {} : { location: { file } }),
  });
}

function whatIs(trainables: readonly Trainable[]): string {
  if (trainables.length !== 1) return "several networks";
  return trainables.some(isPeer) ? "a peer" : "a network";
}

/** The network as it can be written again. */
function written(trainable: Trainable | undefined): string {
  if (trainable === undefined) return "…";
  return isPeer(trainable) ? `timm("${trainable.model}")` : trainable.name;
}

async function recorded(
  resume: string | null,
  home: string,
  cwd: string,
): Promise<DeclaredExperiment> {
  if (resume === null) {
    throw new FoveaError({
      code: "FOV0003",
      message: "`fovea run` needs an experiment",
      allowed: "a file, the name of a shipped experiment, or --resume with a run's id",
      fix: "fovea run my_pelk.experiment.ts",
    });
  }
  const { findRunDirectory } = await import("../../runs/find-run.js");
  const { runRecord } = await import("../../runs/records.js");
  const { experiment, source } = runRecord(findRunDirectory(home, resume), resume);
  return { experiment, source, folder: cwd, file: null, files: [] };
}
