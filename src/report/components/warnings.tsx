import type { JSX } from "preact";

/** What a reader has to know before the figures. */
export function Warnings({
  warnings,
}: {
  readonly warnings: readonly string[];
}): JSX.Element | null {
  if (warnings.length === 0) return null;
  return (
    <ul class="warnings" aria-label="Warnings">
      {warnings.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
