import type { Event } from "../ir/event.js";
import type { EventVisitor } from "../runs/event-scanner.js";
import { Curve } from "./curve.js";
import type { KernelLayers } from "./kernel-methods.js";

/**
 * Takes a run's events for its curves and what is told of it. Where a resumed run wrote steps again,
 * the last word counts (contract, line 25).
 */
export class RunCollector implements EventVisitor {
  readonly loss = new Curve();
  readonly lr = new Curve();
  /** Of the masks, percent. */
  readonly density = new Curve();
  readonly churn = new Curve();
  readonly evals = new Map<string, Curve>();
  /** The last one. */
  start: Extract<Event, { type: "run_start" }> | null = null;
  methods: KernelLayers = [];
  readonly #warnings = new Set<string>();

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  get #curves(): readonly Curve[] {
    return [this.loss, this.lr, this.density, this.churn, ...this.evals.values()];
  }

  event(event: Event): void {
    switch (event.type) {
      case "run_start":
        this.start = event;
        for (const curve of this.#curves) curve.forgetAfter(event.step);
        return;
      case "step":
        this.loss.add(event.step, event.loss);
        this.lr.add(event.step, event.lr);
        return;
      case "eval":
        for (const [name, value] of Object.entries(event.metrics)) {
          const curve = this.evals.get(name) ?? new Curve();
          this.evals.set(name, curve);
          curve.add(event.step, value);
        }
        return;
      case "kernel_methods":
        this.methods = event.layers;
        return;
      case "warning":
        this.#warnings.add(event.message);
        return;
      case "sparsity":
        this.density.add(event.step, 100 * event.density);
        this.churn.add(event.step, 100 * event.churn);
        return;
      case "checkpoint":
      case "run_end":
        return;
    }
  }
}
