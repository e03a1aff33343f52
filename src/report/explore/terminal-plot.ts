/** One point of a plot; of two in one place the later is seen. */
export interface Marked {
  readonly x: number;
  readonly y: number;
  /** One character. */
  readonly mark: string;
}

/** Characters across and down that points can stand in. */
const WIDTH = 64;
const HEIGHT = 12;

/**
 * Points in the terminal, under 80 columns; `y` starts at 0.
 *
 * @param label - what a value of `y` is written as
 */
export function terminalPlot(points: readonly Marked[], label: (y: number) => string): string {
  const xs = points.map(({ x }) => x);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const top = Math.max(...points.map(({ y }) => y));
  const rows = Array.from({ length: HEIGHT }, () => new Array<string>(WIDTH).fill(" "));
  for (const { x, y, mark } of points) {
    const column = place(x - left, right - left, WIDTH);
    const row = HEIGHT - 1 - place(y, top, HEIGHT);
    const line = rows[row];
    if (line !== undefined) line[column] = mark;
  }
  const names = [label(top), ...new Array<string>(HEIGHT - 2).fill(""), "0"];
  const margin = Math.max(...names.map((name) => name.length));
  const lines = rows.map((row, index) =>
    `${(names[index] ?? "").padStart(margin)} │${row.join("")}`.trimEnd(),
  );
  const [from, to] = [String(left), left === right ? "" : String(right)];
  const space = " ".repeat(margin + 1);
  return [
    ...lines,
    `${space}└${"─".repeat(WIDTH)}`,
    `${space} ${from}${to.padStart(WIDTH - from.length)}`.trimEnd(),
  ].join("\n");
}

/** The index among `count` places of a value from 0 to `most`. */
function place(value: number, most: number, count: number): number {
  return most === 0 ? 0 : Math.round((value / most) * (count - 1));
}
