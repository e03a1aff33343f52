import type { JSX } from "preact";
import type { Spread } from "./view.js";

interface Props {
  readonly value: (Spread & { readonly best?: boolean }) | null | undefined;
  /** How a value is written. */
  readonly write: (value: number) => string;
}

/** A mean with its sample standard deviation where it has one; the best is bold. */
export function Mean({ value, write }: Props): JSX.Element {
  if (value === null || value === undefined) return <>–</>;
  const { mean, deviation, best } = value;
  return (
    <span class={best === true ? "best" : undefined}>
      {write(mean)}
      {deviation === null ? null : <span class="spread"> ± {write(deviation)}</span>}
    </span>
  );
}
