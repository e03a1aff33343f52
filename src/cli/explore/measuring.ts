import { type ExploreOptions as Asked, withMeasured } from "../../harness/explore/explore.js";
import { measuredSizes, measureVariants } from "../../harness/explore/measure.js";
import { stageVariants } from "../../harness/explore/variants.js";
import { resolveDevice } from "../../harness/resolve-device.js";
import { FoveaError } from "../../ir/error.js";
import type { Exploration } from "../../ir/exploration.js";
import type { PlanTarget } from "../../ir/layer-plan.js";
import type { Network } from "../../ir/network.js";
import { findPython } from "../../launch/python.js";
import { readMeasured } from "../bench/documents.js";
import { parseCount } from "../bench/options.js";
import type { Io } from "../io.js";
import type { ExploreOptions } from "./options.js";

/** Times that are to be measured. */
interface Measuring {
  readonly device: "cpu" | "cuda";
  /** @throws FoveaError FOV0040 where times are predicted for another kind of device */
  checkTarget(target: PlanTarget): void;
  /** The exploration with measured times, on stderr what is under way. */
  measure(io: Io, network: Network, predicted: Exploration, asked: Asked): Promise<Exploration>;
}

/**
 * Reads what `--measure` asks for; `undefined` where it is not given.
 *
 * @throws FoveaError FOV0040 for options without effect, and where CUDA is asked for and torch has
 *   none
 */
export async function readMeasuring(options: ExploreOptions): Promise<Measuring | undefined> {
  const threads = parseCount("--threads", options.threads, "threads", "2");
  const rounds = parseCount("--rounds", options.rounds, "rounds", "15");
  if (options.measure !== true) {
    refuseAlone(options);
    return undefined;
  }
  const python = findPython(process.cwd());
  const { type: device } = await resolveDevice(options.device ?? "auto", python);
  return {
    device,
    checkTarget: (target) => {
      if ((target === "cpu") !== (device === "cpu")) throw otherDevice(target, device);
    },
    measure: async (io, network, predicted, asked) => {
      const variants = predicted.stages.flatMap(
        ({ stage }) => stageVariants(network, stage, asked).variants,
      );
      const { dtype } = asked;
      const request = { python, device, dtype, threads, rounds, onNote: io.note };
      const bench = readMeasured(await measureVariants(variants, asked, request), network.name);
      const name = bench.kernels[0]?.device_name ?? device;
      const measuredOn = { device, name, dtype, batch: asked.batch };
      return withMeasured(predicted, measuredSizes(variants, asked, bench), measuredOn);
    },
  };
}

/** @throws FoveaError FOV0040 */
function refuseAlone({ device, threads, rounds }: ExploreOptions): void {
  for (const [option, value] of Object.entries({
    "--device": device,
    "--threads": threads,
    "--rounds": rounds,
  })) {
    if (value === undefined) continue;
    throw new FoveaError({
      code: "FOV0040",
      message: `${option} ${value} is about measuring`,
      path: option,
      value,
      fix: `add --measure, or leave out ${option}`,
    });
  }
}

function otherDevice(target: PlanTarget, device: "cpu" | "cuda"): FoveaError {
  return new FoveaError({
    code: "FOV0040",
    message: `--target ${target}: times are measured on ${device === "cpu" ? "a CPU" : "a CUDA device"}`,
    path: "--target",
    value: target,
    allowed: device === "cpu" ? "cpu" : "a GPU's architecture",
    fix:
      device === "cpu"
        ? "leave out --target, or measure with --device cuda"
        : "leave out --target, or measure with --device cpu",
  });
}
