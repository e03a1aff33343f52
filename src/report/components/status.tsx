import type { JSX } from "preact";
import type { Standing } from "./view.js";

const MARKS: Readonly<Record<Standing, string>> = {
  queued: "◌",
  running: "▸",
  completed: "✓",
  failed: "✕",
  cancelled: "–",
  out_of_memory: "✕",
  diverged: "✕",
  lost: "✕",
  missing: "○",
};

/** A status with a mark, so that colour is not all that tells it. */
export function Status({ status }: { readonly status: Standing }): JSX.Element {
  return (
    <span class={`status ${status}`}>
      <span aria-hidden="true">{MARKS[status]}</span> {status.replaceAll("_", " ")}
    </span>
  );
}
