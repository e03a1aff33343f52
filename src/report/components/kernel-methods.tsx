import type { JSX } from "preact";
import { figure } from "../figures.js";
import type { RunView } from "./view.js";

/** Which implementation the large kernels ran with, and why; what stands in for another stands out. */
export function KernelMethods({ methods }: Pick<RunView, "methods">): JSX.Element | null {
  if (methods.length === 0) return null;
  return (
    <ul class="methods">
      {methods.map(({ method, reason, layers, fallback }) => (
        <li key={`${method} ${reason}`} class={fallback ? "fallback" : undefined}>
          {layers === null
            ? "All layers"
            : `${figure(layers)} ${layers === 1 ? "layer" : "layers"}`}
          : <code>{method}</code> ({reason}){fallback ? <strong> · fallback</strong> : null}
        </li>
      ))}
    </ul>
  );
}
