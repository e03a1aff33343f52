import { stageShapes } from "../../analyse/shapes.js";
import { benchKernels } from "../../harness/bench-kernels.js";
import { benchShapes } from "../../harness/bench-shapes.js";
import type { RetargetPlan } from "../../harness/retarget/request.js";
import type { Bench, BenchShape } from "../../ir/bench.js";
import type { Network } from "../../ir/network.js";
import type { Python } from "../../launch/python.js";
import { kernelName } from "../../plan/kernel-name.js";
import { planMixer } from "../../plan/network-mixer.js";
import { plainTable } from "../../report/table.js";
import { readMeasured } from "../bench/documents.js";
import type { Io } from "../io.js";
import { withEmitted } from "../verify/targets.js";

/**
 * Times the kernels of stages that changed, as they were and as they are, in one process.
 *
 * @param dir - the package as it is now
 * @returns what was measured, kernels by their names
 */
export async function benchBoth(
  io: Io,
  { before, after, source }: RetargetPlan,
  dir: string,
  { python, device }: { readonly python: Python; readonly device: "cpu" | "cuda" },
): Promise<Bench> {
  return await withEmitted([before], source, async ([old = dir]) => {
    const changed = new Set(
      [...kernelsOf(before), ...kernelsOf(after)].filter(differs(before, after)),
    );
    const shapes = benchShapes([old, dir], device).filter((shape) => {
      return changed.has(shape.split("=")[0] ?? "");
    });
    const targets = [...changed].map((kernel) => {
      const folder = kernelsOf(after).includes(kernel) ? dir : old;
      return `${folder}/kernels/${kernel}.py`;
    });
    const measured = await benchKernels(targets, {
      python,
      device,
      dtype: "fp32",
      shapes,
      threads: null,
      rounds: null,
      onNote: io.note,
    });
    const found = readMeasured(measured, dir);
    if (!io.json) await io.print(`\n${table(found, before, after)}`);
    return found;
  });
}

/** Kernels of a network's stages, as trained; the first of each stage stands for it. */
function stageKernels(network: Network): readonly (readonly string[])[] {
  return stageShapes(network).map((stage) => planMixer(stage).kernels.map(kernelName));
}

function kernelsOf(network: Network): readonly string[] {
  return stageKernels(network).flat();
}

/** Kernels of a stage that has not the same before and after. */
function differs(before: Network, after: Network): (kernel: string) => boolean {
  const [old, now] = [stageKernels(before), stageKernels(after)];
  const changed = old.flatMap((kernels, stage) => {
    const others = now[stage] ?? [];
    return kernels.join() === others.join() ? [] : [...kernels, ...others];
  });
  return (kernel) => changed.includes(kernel);
}

function table(bench: Bench, before: Network, after: Network): string {
  const [old, now] = [stageKernels(before), stageKernels(after)];
  const maps = stageShapes(after).map(({ map }) => map);
  const rows = old.flatMap((kernels, stage) => {
    const others = now[stage] ?? [];
    if (kernels.join() === others.join()) return [];
    return (["forward", "forward_backward"] as const).map((direction) => {
      const sum = (names: readonly string[]): number =>
        names.reduce((total, name) => total + timeOf(bench, name, maps[stage] ?? [], direction), 0);
      const [first, second] = [sum(kernels), sum(others)];
      return [
        `stages.${stage}`,
        direction.replace("_", "+"),
        `${kernels.join(", ")} → ${others.join(", ")}`,
        `${first.toFixed(2)} ms`,
        `${second.toFixed(2)} ms`,
        `${(second / first).toFixed(2)}×`,
      ];
    });
  });
  const head = ["", "", "kernel", "before", "after", ""].map(
    (text, index) => [text, index < 3 ? "left" : "right"] as const,
  );
  const { device_name: device } = bench.kernels[0] ?? { device_name: "" };
  return `measured on ${device}, medians, a block\n${plainTable(head, rows)}`;
}

/** The median of `auto` on a stage's maps, milliseconds. */
function timeOf(
  { kernels }: Bench,
  name: string,
  map: readonly number[],
  direction: "forward" | "forward_backward",
): number {
  const shape = kernels
    .find(({ kernel }) => kernel === name)
    ?.shapes.find((each: BenchShape) => String(each.shape.slice(2)) === String(map));
  return (
    shape?.candidates.find(({ name: own }) => own === "auto")?.[direction]?.median ?? Number.NaN
  );
}
