/** Colours of lines and points: at least 3:1 against the page, told apart with colour blindness. */
const LIGHT = [
  "#2f6cb5",
  "#c4531a",
  "#2c8043",
  "#b02a58",
  "#7a4bab",
  "#0b7f86",
  "#8a6400",
  "#5f6b7a",
] as const;
const DARK = [
  "#7cb1f5",
  "#f39a63",
  "#6cc583",
  "#f5809f",
  "#c19bec",
  "#4fc7c4",
  "#dcb247",
  "#a9b3c0",
] as const;

/** How many series have colours of their own; they repeat after that. */
export const SERIES = LIGHT.length;

/** Colour of the n-th series, as CSS: the page says what it is. */
export function seriesColor(index: number): string {
  return `var(--series-${index % SERIES})`;
}

const series = (colors: readonly string[]): string =>
  colors.map((color, index) => `--series-${index}: ${color};`).join(" ");

/** CSS that names every colour, of a light and of a dark page, for the elements selected. */
export function colorSheet(selector: string): string {
  return `${selector} { color-scheme: light dark; --ink: #1c2128; --soft: #57606a; --line: #d5dae1; --page: #ffffff; --raised: #f5f7f9; --link: #0b5cad; --good: #1a7038; --bad: #b3261e; --warn: #8a5a00; ${series(LIGHT)} }
@media (prefers-color-scheme: dark) { ${selector} { --ink: #e9edf2; --soft: #9aa4b0; --line: #363e48; --page: #0f1318; --raised: #171d24; --link: #86b7f4; --good: #63cf84; --bad: #ff8d85; --warn: #e3b341; ${series(DARK)} } }`;
}
