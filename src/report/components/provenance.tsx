import type { JSX } from "preact";
import { Facts } from "./facts.js";
import type { RunView } from "./view.js";

/** What a run ran with: specification, code, versions, machine. */
export function Provenance({ provenance }: Pick<RunView, "provenance">): JSX.Element {
  return <Facts facts={provenance} />;
}
