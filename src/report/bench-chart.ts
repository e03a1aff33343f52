import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Bench, type BenchCandidate, DIRECTIONS } from "../ir/bench.js";
import { benchTitle, directionName } from "./bench-rows.js";
import { figure } from "./figures.js";

const OWN = "#4e79a7";
const PEER = "#e8823a";
const FLOOR = "#d4495a";
const ROW = 22;
const PANEL = 46;
const AXES = 110;

/** Where a mark stands: a panel for each case and direction. */
interface Panel {
  readonly case: string;
  readonly direction: string;
}

interface Timed extends Panel {
  readonly name: string;
  readonly kind: BenchCandidate["kind"];
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Medians and their spread on a logarithmic axis as one self-contained SVG: ours in blue, peers in
 * orange, the memory floor as a dashed line.
 */
export function benchChart(bench: Bench): string {
  const times: Timed[] = [];
  const floors: (Panel & { readonly ms: number })[] = [];
  for (const kernel of bench.kernels) {
    for (const shape of kernel.shapes) {
      for (const direction of DIRECTIONS) {
        const panel = { case: benchTitle(kernel, shape), direction: directionName(direction) };
        floors.push({ ...panel, ms: shape.floor[direction].ms });
        for (const { name, kind, [direction]: found } of shape.candidates) {
          if (found !== null) times.push({ ...panel, name: label(name, kind), kind, ...found });
        }
      }
    }
  }
  return draw(times, floors);
}

function label(name: string, kind: BenchCandidate["kind"]): string {
  return kind === "own" ? name : `peer ${name}`;
}

function draw(
  times: readonly Timed[],
  floors: readonly (Panel & { readonly ms: number })[],
): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const named = (kind: Timed["kind"]): string[] =>
    times.filter((each) => each.kind === kind).map(({ name }) => name);
  const names = [...new Set([...named("own"), ...named("peer")])];
  const cases = [...new Set(floors.map((panel) => panel.case))];
  const at = { fx: "direction", fy: "case" } as const;
  const color = ({ kind }: Timed): string => (kind === "own" ? OWN : PEER);
  const svg = Plot.plot({
    document,
    width: 1000,
    height: AXES + Math.max(1, cases.length) * (PANEL + ROW * names.length),
    marginLeft: 190,
    marginRight: 40,
    marginTop: 60,
    fx: { label: null, domain: DIRECTIONS.map(directionName) },
    // The title of a case stands in its own panel: beside it there is no room for it.
    fy: { axis: null, padding: 0.16 },
    x: {
      type: "log",
      label: "milliseconds (dashed: memory floor)",
      grid: true,
      nice: true,
      tickFormat: "~g",
    },
    y: { label: null, domain: names },
    marks: [
      Plot.axisFx({ dy: -18 }),
      Plot.frame({ stroke: "#d0d7de" }),
      Plot.ruleX(floors, { ...at, x: "ms", stroke: FLOOR, strokeDasharray: "4,3" }),
      Plot.ruleY(times, { ...at, y: "name", x1: "min", x2: "max", stroke: color, strokeWidth: 2 }),
      Plot.dot(times, { ...at, y: "name", x: "median", fill: color, r: 3.5 }),
      Plot.text(times, {
        ...at,
        y: "name",
        x: "median",
        text: ({ median }: Timed) => figure(median),
        dy: -8,
      }),
      Plot.text(
        floors.filter(({ direction }) => direction === directionName("forward")),
        { ...at, text: "case", frameAnchor: "top-left", dy: -14, fontWeight: "bold" },
      ),
    ],
  });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("style", "background: #ffffff; color: #1f2328");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "Times of our methods and their peers in milliseconds");
  return `${svg.outerHTML}\n`;
}
