import { kernelSize, zoneCount } from "../analyse/grid.js";
import type { Cells, GridPair } from "../ir/index.js";
import { cellsInWords } from "./cells-in-words.js";
import { terminalTint } from "./grid-tint.js";
import { grouped, percent } from "./quantity.js";

/** Dots across and down: every character is one dot wide and two high. */
const MOST_DOTS = 76;
const SMALL_DOTS = 40;

/** Dots of each cell along one axis. */
type Dots = readonly number[];

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

/**
 * Dots for both axes. Small kernels are magnified; large ones lose dots cell by cell, and no cell
 * its last. `undefined` where there are more cells than dots.
 */
function layOut(pair: GridPair): { rows: Dots; columns: Dots; exact: boolean } | undefined {
  if (Math.max(pair.rows.length, pair.columns.length) > MOST_DOTS) return undefined;
  const side = Math.max(...kernelSize(pair));
  const zoom = Math.min(4, Math.floor(SMALL_DOTS / side));
  let scale = side > MOST_DOTS ? MOST_DOTS / side : Math.max(1, zoom);
  const scaled = (cells: Cells): number[] =>
    cells.map((cell) => Math.max(1, Math.round(cell * scale)));
  while (sum(scaled(pair.rows)) > MOST_DOTS || sum(scaled(pair.columns)) > MOST_DOTS) scale *= 0.97;
  return { rows: scaled(pair.rows), columns: scaled(pair.columns), exact: side <= MOST_DOTS };
}

/** The cell that each dot lies in. */
const cellOfDot = (dots: Dots): number[] =>
  dots.flatMap((count, cell) => new Array<number>(count).fill(cell));

/** Two dots in one character, zones told apart like the squares of a chessboard. */
const GLYPHS = [" ", "▄", "▀", "█"] as const;

function plainLine(upper: number, lower: number | undefined, columns: readonly number[]): string {
  const isDark = (row: number, column: number): number => ((row + column) % 2 === 0 ? 1 : 0);
  const glyph = (column: number) =>
    GLYPHS[2 * isDark(upper, column) + (lower === undefined ? 0 : isDark(lower, column))];
  return columns.map(glyph).join("").trimEnd();
}

function colorLine(
  upper: number,
  lower: number | undefined,
  columns: readonly number[],
  pair: GridPair,
): string {
  const most = Math.max(...pair.rows) * Math.max(...pair.columns);
  const shade = (row: number, column: number): number => {
    const taps = (pair.rows[row] ?? 1) * (pair.columns[column] ?? 1);
    return terminalTint(taps, most, (row + column) % 2 === 1);
  };
  let style = "";
  const dots = columns.map((column) => {
    const below = lower === undefined ? "49" : `48;5;${shade(lower, column)}`;
    const next = `38;5;${shade(upper, column)};${below}`;
    if (next === style) return "▀";
    style = next;
    return `\u001b[${next}m▀`;
  });
  return `${dots.join("")}\u001b[0m`;
}

/** @param hint - what draws a grid of too many zones, after a semicolon */
function picture(pair: GridPair, color: boolean, hint: string): string[] {
  const dots = layOut(pair);
  if (dots === undefined) {
    return [`(${pair.rows.length}×${pair.columns.length} zones are too many to draw here${hint})`];
  }
  const rows = cellOfDot(dots.rows);
  const columns = cellOfDot(dots.columns);
  const lines: string[] = [];
  for (let row = 0; row < rows.length; row += 2) {
    const [upper, lower] = [rows[row] ?? 0, rows[row + 1]];
    lines.push(color ? colorLine(upper, lower, columns, pair) : plainLine(upper, lower, columns));
  }
  return dots.exact ? lines : [...lines, "(wide cells are drawn narrower than they are)"];
}

/**
 * Draws a pair of grids for the terminal, 80 columns at most, and counts it: zones as squares of
 * a chessboard, in colour tinted by their size.
 */
export function drawGrid(pair: GridPair, options: { readonly color: boolean }): string {
  const [height, width] = kernelSize(pair);
  const rows = cellsInWords(pair.rows);
  const columns = cellsInWords(pair.columns);
  const parameters = zoneCount(pair);
  const cells =
    rows === columns ? [`cells    ${rows}`] : [`rows     ${rows}`, `columns  ${columns}`];
  return [
    ...picture(pair, options.color, "; --svg draws them").map((line) => `  ${line}`),
    "",
    `kernel   ${height}×${width}`,
    ...cells,
    `zones    ${pair.rows.length}×${pair.columns.length}`,
    `weights  ${grouped(parameters)} a channel in place of ${grouped(height * width)} (${percent(parameters / (height * width))})`,
  ].join("\n");
}

/** Columns of a terminal that two pictures share. */
const WIDE = 120;
const GAP = "    ";

/** Two pairs of grids side by side, or one above the other where they are wide; each is named below. */
export function drawBeside(
  before: GridPair,
  after: GridPair,
  options: { readonly color: boolean },
): string {
  const [left, right] = [before, after].map((pair) => {
    const lines = [...picture(pair, options.color, ""), inWords(pair)];
    return { lines, width: Math.max(...lines.map(shownWidth)) };
  });
  if (left === undefined || right === undefined) return "";
  if (left.width + right.width + GAP.length > WIDE) {
    return [...left.lines, "", ...right.lines].map((line) => `  ${line}`).join("\n");
  }
  const height = Math.max(left.lines.length, right.lines.length);
  // Both stand on their names.
  const [a, b] = [left, right].map(({ lines }) => [
    ...new Array<string>(height - lines.length).fill(""),
    ...lines,
  ]);
  return Array.from({ length: height }, (_, row) => {
    const line = a?.[row] ?? "";
    const space = " ".repeat(left.width - shownWidth(line));
    return `  ${line}${space}${GAP}${b?.[row] ?? ""}`.trimEnd();
  }).join("\n");
}

function inWords(pair: GridPair): string {
  const [rows, columns] = [cellsInWords(pair.rows), cellsInWords(pair.columns)];
  return `${kernelSize(pair).join("×")}: ${rows === columns ? rows : `${rows} | ${columns}`}`;
}

/** Characters that a line shows, without what colours them. */
function shownWidth(line: string): number {
  return line.split("\u001b[").reduce((sum, part, index) => {
    return sum + (index === 0 ? part : part.slice(part.indexOf("m") + 1)).length;
  }, 0);
}
