import { useEffect, useState } from "preact/hooks";
import type { Live } from "./live.js";

/**
 * Draws the component again whenever the list has changed.
 *
 * @returns a number that is another one every time
 */
export function useLive(live: Live): number {
  const [turn, setTurn] = useState(0);
  useEffect(() => live.subscribe(() => setTurn((before) => before + 1)), [live]);
  return turn;
}
