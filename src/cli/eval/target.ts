import { basename, resolve } from "node:path";
import { shippedNetworks } from "../../dsl/zoo/shipped.js";
import { FoveaError } from "../../ir/error.js";
import { homeDirectory } from "../../launch/home.js";
import { lookAt } from "../../load/look-at.js";
import { findRunDirectory } from "../../runs/find-run.js";
import { isRunId } from "../../runs/run-directory.js";
import type { Named } from "../subject/named.js";
import { withNamed } from "../subject/named.js";
import { type RunCheckpoint, runCheckpoint, runNetwork } from "../subject/run.js";
import { isEmitted } from "../verify/targets.js";
import { sourceFile } from "../weights/paths.js";
import { optionMistake } from "../whole.js";
import type { EvalOptions } from "./options.js";

/** What is evaluated. */
export interface EvalTarget {
  readonly network: Named;
  /** The file of weights. */
  readonly weights: string;
  /** The run that the weights are of; `null` where they are of none. */
  readonly run: RunCheckpoint | null;
}

/**
 * Hands `use` what TARGET names: a run by its id or folder, or a file of weights, whose network
 * `--network` names. A file in a run's `checkpoints/` is that run's.
 *
 * @throws FoveaError FOV0070 for an unknown run, FOV0030 for a missing file, FOV0040 where the
 *   network is not told or is not one
 */
export async function withTarget<T>(
  written: string,
  { network, checkpoint }: Pick<EvalOptions, "network" | "checkpoint">,
  cwd: string,
  use: (target: EvalTarget) => Promise<T>,
): Promise<T> {
  const run = runCheckpoint(written, cwd, checkpoint ?? "last");
  if (checkpoint !== undefined && (run === undefined || run.file === resolve(cwd, written))) {
    throw optionMistake("--checkpoint", checkpoint, "only a run has several checkpoints", {
      fix: "name the run, or leave --checkpoint out",
    });
  }
  const weights = run?.file ?? weightsFile(written, cwd);
  const common = { weights, run: run ?? null };
  if (network !== undefined) {
    return await withNamed(network, cwd, "--network", (named) =>
      use({ ...common, network: theOne(named, network) }),
    );
  }
  if (run !== undefined) return await use({ ...common, network: runNetwork(run) });
  throw new FoveaError({
    code: "FOV0040",
    message: `--network is not given, and ${written} is no checkpoint of a run's`,
    path: "--network",
    allowed: "a shipped network, a declaration, a generated package or timm:NAME",
    fix: "write --network NAME, the network that the weights are of",
  });
}

function weightsFile(written: string, cwd: string): string {
  const path = resolve(cwd, written);
  const isNetwork = Object.hasOwn(shippedNetworks, written) || /\.[cm]?ts$/.test(written);
  if (isNetwork || written.startsWith("timm:") || isEmitted(path)) {
    throw optionMistake("TARGET", written, "this is a network, not its weights", {
      allowed: "a run (`fovea runs list`), or a file of weights",
      fix: `write fovea eval WEIGHTS --network ${written}`,
    });
  }
  // A word without a dot is a run that is not there, rather than a file.
  if (isRunId(written) && typeof lookAt(path) === "string") {
    findRunDirectory(homeDirectory(cwd), written);
  }
  return sourceFile(written, cwd, "name a run (`fovea runs list`), or a file of weights", "TARGET");
}

/** @throws FoveaError FOV0040 where it is not one network */
function theOne(named: readonly Named[], written: string): Named {
  const [one, ...others] = named;
  if (one !== undefined && others.length === 0) return one;
  const names = named.map(({ name }) => basename(name));
  throw optionMistake("--network", written, `it declares ${named.length} networks`, {
    allowed: `a file with one network (it has ${names.join(", ")})`,
    fix: "export one of them by itself",
  });
}
