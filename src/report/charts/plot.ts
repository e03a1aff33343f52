import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { colorSheet, seriesColor } from "../components/colors.js";

/** Pixels; a chart is drawn in about this size, so that its letters are as large as those around it. */
const WIDTH = 480;
const HEIGHT = 280;

/** Drawn into, and left empty. */
const { document } = parseHTML("<!doctype html><html><body></body></html>");

/**
 * A plot as one `<svg>` element in the page's colours.
 *
 * @param description - what it shows, for those who cannot see it
 */
export function plotSvg(description: string, options: Plot.PlotOptions): string {
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 52,
    marginRight: 16,
    marginTop: 28,
    marginBottom: 40,
    style: { fontSize: "12px", overflow: "visible", background: "none" },
    ...options,
  });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", description);
  return svg.outerHTML;
}

/** The axis of steps. Where all that is drawn is at one step, it begins at 0. */
export function stepAxis(steps: readonly number[]): Plot.ScaleOptions {
  const [first = 0] = steps;
  const alone = steps.every((step) => step === first) && first > 0;
  return { label: "step", nice: true, ...(alone ? { domain: [0, first] } : {}) };
}

/** Rows of a legend below a figure. */
const LEGEND_ROW = 18;

/**
 * A plot as a file of its own: on a ground, in the colours of light and dark pages, with the names
 * of its series below where there are several.
 */
export function standaloneSvg(svg: string, legend: readonly string[]): string {
  return standaloneSheet([[svg]], legend);
}

/** Several plots as one file, rows of them from the top, with one legend below. */
export function standaloneSheet(
  plots: readonly (readonly string[])[],
  legend: readonly string[],
): string {
  const rows = legend.length > 1 ? legend : [];
  const width = WIDTH * Math.max(...plots.map((row) => row.length));
  const drawn = HEIGHT * plots.length;
  const height = drawn + rows.length * LEGEND_ROW + (rows.length > 0 ? 8 : 0);
  const keys = rows.map((name, index) => {
    const y = drawn + index * LEGEND_ROW;
    return `<rect x="52" y="${y}" width="10" height="10" rx="2" fill="${seriesColor(index)}"/><text x="68" y="${y + 9}">${markupText(name)}</text>`;
  });
  const placed = plots.flatMap((row, down) =>
    row.map((svg, across) => svg.replace("<svg", `<svg ${placeOf(across, down)}`)),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<style>${colorSheet(":root")} svg { color: var(--ink); } text { font: 12px ui-sans-serif, system-ui, sans-serif; fill: var(--ink); }</style>`,
    `<rect width="${width}" height="${height}" fill="var(--page)"/>`,
    ...placed,
    ...keys,
    "</svg>",
    "",
  ].join("\n");
}

function placeOf(across: number, down: number): string {
  const place = across + down === 0 ? "" : ` x="${across * WIDTH}" y="${down * HEIGHT}"`;
  return `xmlns="http://www.w3.org/2000/svg"${place}`;
}

const markupText = (text: string): string =>
  text.replace(
    /[&<>]/g,
    (character) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[character] ?? "",
  );
