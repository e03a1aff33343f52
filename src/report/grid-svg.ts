import { cellRuns, type Run } from "../analyse/cell-runs.js";
import { isShared, kernelSize, zoneCount } from "../analyse/grid.js";
import { type Cells, contentHash, type GridPair } from "../ir/index.js";
import { cellsInWords } from "./cells-in-words.js";
import { hexColor, zoneTint } from "./grid-tint.js";
import { grouped, percent } from "./quantity.js";

/** Margins around the grid, pixels. */
const SIDE = 44;
const TOP = 92;
const BOTTOM = 36;
const LABEL = 11;

/** Pixels a tap: whole, so that edges are sharp. */
function pixelsATap(side: number): number {
  return Math.max(1, Math.min(48, Math.floor(510 / side)));
}

/** One rectangle where equal rows meet equal columns; the lines between zones are drawn over it. */
function tile(row: Run, column: Run, most: number, pixels: number): string {
  const taps = row.size * column.size;
  const fill = hexColor(zoneTint(taps, most));
  const box = [
    `x="${column.tap * pixels}"`,
    `y="${row.tap * pixels}"`,
    `width="${column.size * column.count * pixels}"`,
    `height="${row.size * row.count * pixels}"`,
  ].join(" ");
  const shared =
    taps === 1 ? "one parameter a tap" : `one parameter for ${row.size}×${column.size} taps`;
  return `<rect ${box} fill="${fill}"><title>${shared}</title></rect>`;
}

/** Where one cell ends and the next begins, in pixels. */
function borders(cells: Cells, pixels: number): number[] {
  let tap = 0;
  return cells.slice(0, -1).map((cell) => {
    tap += cell;
    return tap * pixels;
  });
}

/** Cell sizes beside an axis, where there is room for them. */
function labels(
  cells: Cells,
  pixels: number,
  place: (at: number, text: string) => string,
): string[] {
  return cellRuns(cells).flatMap(({ size, count, tap }) => {
    const text = count === 1 ? `${size}` : `${count} × ${size}`;
    const room = size * count * pixels;
    if (room < text.length * LABEL * 0.55) return [];
    return [place(tap * pixels + room / 2, text)];
  });
}

/**
 * A picture of a pair of grids as one self-contained SVG: zones tinted by their size, taps as
 * faint lines, cell sizes along both axes. Light and dark pages are followed. The same pair gives
 * the same bytes.
 */
export function gridSvg(pair: GridPair): string {
  const [height, width] = kernelSize(pair);
  const pixels = pixelsATap(Math.max(height, width));
  const [h, w] = [height * pixels, width * pixels];
  const parameters = zoneCount(pair);
  const most = Math.max(...pair.rows) * Math.max(...pair.columns);
  const id = `grid-${contentHash(pair).slice(0, 8)}`;
  const canvas = [Math.max(w + 2 * SIDE, 500), h + TOP + BOTTOM] as const;
  const left = Math.round((canvas[0] - w) / 2);

  const shared = isShared(pair);
  const title = `${height}×${width} ${shared ? "sharing grid" : "kernel"}`;
  const share = percent(parameters / (height * width));
  const counts = shared
    ? `${pair.rows.length}×${pair.columns.length} zones: ${grouped(parameters)} parameters a channel in place of ${grouped(height * width)} (${share})`
    : `${grouped(parameters)} parameters a channel, none shared`;
  const description = `Taps in one zone share one parameter. Cells along the height: ${cellsInWords(pair.rows)}. Cells along the width: ${cellsInWords(pair.columns)}. ${counts}.`;

  const columns = cellRuns(pair.columns);
  const tiles = cellRuns(pair.rows).flatMap((row) =>
    columns.map((column) => tile(row, column, most, pixels)),
  );
  const lines = [
    ...borders(pair.rows, pixels).map((y) => `M0 ${y}h${w}`),
    ...borders(pair.columns, pixels).map((x) => `M${x} 0v${h}`),
  ].join("");
  const taps =
    pixels >= 4 && shared
      ? [
          `<pattern id="${id}-taps" width="${pixels}" height="${pixels}" patternUnits="userSpaceOnUse"><path d="M0 0h${pixels}M0 0v${pixels}" stroke="#fff" stroke-opacity=".22" fill="none"/></pattern>`,
          `<rect width="${w}" height="${h}" fill="url(#${id}-taps)"/>`,
        ]
      : [];

  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" class="${id}" width="${canvas[0]}" height="${canvas[1]}" viewBox="0 0 ${canvas[0]} ${canvas[1]}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${title}</title>`,
    `<desc id="${id}-desc">${description}</desc>`,
    "<style>",
    `.${id} text { font-family: ui-sans-serif, system-ui, "Helvetica Neue", Arial, sans-serif; fill: #57606a; }`,
    `.${id} .name { fill: #1f2328; font-weight: 600; }`,
    `.${id} .page { fill: #ffffff; }`,
    `.${id} .lines { stroke: #ffffff; }`,
    "@media (prefers-color-scheme: dark) {",
    `.${id} text { fill: #9198a1; }`,
    `.${id} .name { fill: #f0f6fc; }`,
    `.${id} .page { fill: #0d1117; }`,
    `.${id} .lines { stroke: #0d1117; }`,
    "}",
    "</style>",
    `<rect class="page" width="${canvas[0]}" height="${canvas[1]}" rx="12"/>`,
    `<text class="name" x="${SIDE}" y="36" font-size="18">${title}</text>`,
    `<text x="${SIDE}" y="57" font-size="12.5">${counts}</text>`,
    `<g transform="translate(${left} ${TOP})">`,
    ...tiles,
    ...taps,
    `<path class="lines" d="${lines}" stroke-width="${pixels >= 4 ? 1.5 : 0.4 * pixels}" fill="none"/>`,
    `<g font-size="${LABEL}" text-anchor="middle">`,
    ...labels(pair.columns, pixels, (x, text) => `<text x="${x}" y="-8">${text}</text>`),
    ...labels(
      pair.rows,
      pixels,
      (y, text) => `<text transform="translate(-8 ${y}) rotate(-90)">${text}</text>`,
    ),
    "</g>",
    "</g>",
    "</svg>",
  ].join("\n")}\n`;
}
