import { FoveaError } from "../../ir/error.js";
import { contentHash } from "../../ir/hash.js";
import type { Sweep } from "../../ir/sweep.js";
import { applySettings } from "../settings.js";

/**
 * Applies `--set path=value` to every run of a sweep.
 *
 * @throws FoveaError FOV0040 where it sets what the sweep varies, and those of {@link applySettings}
 */
export function setInAll(sweep: Sweep, assignments: readonly string[]): Sweep {
  if (assignments.length === 0) return sweep;
  const points = sweep.points.map((point) => {
    const experiment = applySettings(point.experiment, assignments);
    return { ...point, experiment, seed: experiment.seed, hash: contentHash(experiment) };
  });
  if (new Set(points.map(({ hash }) => hash)).size === points.length) return { ...sweep, points };
  throw new FoveaError({
    code: "FOV0040",
    message: `--set ${assignments.join(" --set ")}: the sweep varies that, and runs of it would be the same`,
    path: "--set",
    value: assignments.join(" "),
    allowed: `what is no axis: the axes are ${[...sweep.axes, "seed"].join(", ")}`,
    fix: "leave it out, or change the sweep's file",
  });
}
