import type { Event } from "../ir/event.js";
import { printable } from "../ir/printable.js";
import { figure } from "./figures.js";
import { countMethods, type KernelLayers } from "./kernel-methods.js";
import { metricWithUnit } from "./metric.js";

/** One event as a line for people; `kernel_methods` may take several. */
export function eventLine(event: Event): string {
  switch (event.type) {
    case "run_start":
      return `training on ${event.device}: ${figure(event.steps)} steps, ${figure(event.parameters)} parameters${event.step > 0 ? `, from step ${event.step}` : ""}`;
    case "step":
      return [
        `step ${event.step}`,
        `epoch ${figure(event.epoch)}`,
        `loss ${figure(event.loss)}`,
        `lr ${figure(event.lr)}`,
        `${figure(event.images_per_second)} images/s`,
      ].join("  ");
    case "eval":
      return [
        `eval step ${event.step}`,
        ...Object.entries(event.metrics).map(
          ([name, value]) => `${name} ${metricWithUnit(name, value)}`,
        ),
      ].join("  ");
    case "checkpoint":
      return `checkpoint step ${event.step}  ${printable(event.path)}`;
    case "kernel_methods":
      return methodLines(event.layers).join("\n");
    case "sparsity":
      return [
        `sparsity step ${event.step}`,
        `density ${figure(event.density)}`,
        `exchanged ${figure(event.churn)}`,
        `explored ${figure(event.explored)}`,
      ].join("  ");
    case "warning":
      return `warning: ${printable(event.message)}`;
    case "run_end":
      return event.reason === null ? event.status : `${event.status}: ${printable(event.reason)}`;
  }
}

/** One line for all layers that run the same implementation for the same reason. */
function methodLines(layers: KernelLayers): readonly string[] {
  return countMethods(layers).map(({ method, reason, layers: count }) => {
    const which = count === null ? "all layers" : `${count} ${count === 1 ? "layer" : "layers"}`;
    return printable(`kernels: ${which} ${method} (${reason})`);
  });
}
