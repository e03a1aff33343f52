import { peripheralCells } from "../src/analyse/grid.js";
import { gridSvg } from "../src/report/grid-svg.js";

/** Pictures of the README that fovea draws itself, by path from the checkout's root. */
export function imageFiles(): Map<string, string> {
  const cells = peripheralCells({ kernel: 51, centre: 5, base: 2, remainder: "own" });
  return new Map([["docs/images/sharing-grid-51.svg", gridSvg({ rows: cells, columns: cells })]]);
}
