import type { Event } from "../ir/event.js";

export type KernelLayers = Extract<Event, { type: "kernel_methods" }>["layers"];

/** One implementation, and how many layers run it for the same reason. */
interface MethodCount {
  readonly method: string;
  readonly reason: string;
  /** `null` for all layers of a peer, which has no large kernel of ours. */
  readonly layers: number | null;
}

/** Stands for all layers of a peer. */
const ALL = "*";

/** Layers that run the same implementation for the same reason, counted. */
export function countMethods(layers: KernelLayers): readonly MethodCount[] {
  const counts = new Map<string, MethodCount>();
  for (const { layer, method, reason } of layers) {
    if (layer === ALL) return [{ method, reason, layers: null }];
    const key = JSON.stringify([method, reason]);
    counts.set(key, { method, reason, layers: (counts.get(key)?.layers ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** What `auto` takes on a CUDA device where nothing stands in its way (docs/kernels.md). */
const ON_CUDA = "triton";
/** The reason of a method that was asked for by name. */
const CHOSEN = "chosen for this module";

/** Whether a layer on a CUDA device runs something else than its Triton kernel without being asked to. */
export function isFallback({ method, reason, layers }: MethodCount, device: string): boolean {
  return device.startsWith("cuda") && layers !== null && method !== ON_CUDA && reason !== CHOSEN;
}
