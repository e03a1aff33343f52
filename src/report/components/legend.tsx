import type { JSX } from "preact";
import { seriesColor } from "./colors.js";

/** The names of a chart's series beside their colours. */
export function Legend({ names }: { readonly names: readonly string[] }): JSX.Element {
  return (
    <>
      {names.map((name, index) => (
        <span key={name} class="key">
          <i style={{ background: seriesColor(index) }} />
          {name}
        </span>
      ))}
    </>
  );
}
