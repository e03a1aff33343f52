import type { JSX } from "preact";
import { Facts } from "./facts.js";
import type { RunView } from "./view.js";

/** Every setting of an experiment by its dotted path, folded away. */
export function Settings({ settings }: Pick<RunView, "settings">): JSX.Element {
  return (
    <details>
      <summary>All {settings.length} settings</summary>
      <Facts facts={settings} />
    </details>
  );
}
