import { completeRecipe } from "../../dsl/recipe.js";
import { evaluateNetwork } from "../../harness/evaluate-network.js";
import { FoveaError } from "../../ir/error.js";
import { Recipe } from "../../ir/recipe.js";
import { findPython } from "../../launch/python.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import type { RunCheckpoint } from "../subject/run.js";
import { type HeldOut, parseData } from "./data.js";
import { type EvalOptions, parseAmp, parseBatch, parseBatches, parseSize } from "./options.js";
import { evalText } from "./report-text.js";
import { withTarget } from "./target.js";

/**
 * @returns `failed` where the network gives what is no number
 * @throws FoveaError for every mistake in the options, the target, the weights and the data
 */
export async function runEval(
  io: Io,
  written: string,
  options: EvalOptions,
  cwd: string,
): Promise<ExitCode> {
  const size = parseSize(options.size);
  const batch = parseBatch(options.batch);
  const throughput = parseBatches(options.throughput);
  const amp = parseAmp(options.amp);
  return await withTarget(written, options, cwd, async ({ network, weights, run }) => {
    const { data, seed, isOwn } = await heldOut(options.data, run, cwd);
    // With another network than the run's own, the weights are a file like any other.
    const isRun = run !== null && options.network === undefined;
    const report = await evaluateNetwork(
      {
        subject: {
          name: null,
          package: network.package,
          peer: network.peer,
          weights,
          average: options.ema ?? null,
        },
        data,
        recipe: isRun ? run.record.experiment.recipe : Recipe.parse(completeRecipe({})),
        seed: seed ?? run?.record.experiment.seed ?? 0,
        is_run: isRun,
        is_own_data: isOwn,
        size: size,
        batch,
        device: options.device ?? (isRun ? run.record.device.requested : "auto"),
        amp,
        fuse: options.fuse === true,
        throughput,
      },
      { python: findPython(cwd), onNote: io.note },
    );
    const { passed, ...found } = report;
    const document = { target: written, ...found, data };
    if (io.json) await io.result(document);
    else await io.print(evalText(document, options.perClass === true));
    return passed ? EXIT.done : EXIT.failed;
  });
}

async function heldOut(
  written: string | undefined,
  run: RunCheckpoint | null,
  cwd: string,
): Promise<HeldOut & { readonly isOwn: boolean }> {
  if (written !== undefined) return { ...(await parseData(written, cwd)), isOwn: false };
  if (run !== null) {
    const { data, seed } = run.record.experiment;
    return { data, seed, isOwn: true };
  }
  throw new FoveaError({
    code: "FOV0040",
    message: "--data is not given, and only a run has data of its own",
    path: "--data",
    allowed: "digits, digits:N, a folder of images in ImageNet's layout, or an experiment's file",
    fix: "write --data FOLDER, or --data digits",
  });
}
