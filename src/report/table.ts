/** A column's head, and the side that its cells keep to. */
export type Column = readonly [head: string, align: "left" | "right"];

/** Rows of words below heads, to be printed one way or another. */
export interface TextTable {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

const GAP = "  ";

/** A table without lines or colour, two spaces between columns; no line ends in white space. */
export function plainTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [columns.map(([head]) => head), ...rows].map((cells) =>
    cells.map((text) => ({ text, width: widthOf(text) })),
  );
  const widths = columns.map((_, at) =>
    lines.reduce((most, cells) => Math.max(most, cells[at]?.width ?? 0), 0),
  );
  return lines
    .map((cells) =>
      columns
        .map(([, align], at) => {
          const { text, width } = cells[at] ?? { text: "", width: 0 };
          const space = " ".repeat((widths[at] ?? 0) - width);
          return align === "left" ? text + space : space + text;
        })
        .join(GAP)
        .trimEnd(),
    )
    .join("\n");
}

const NARROW = /^[\x20-\x7e–±×²·]*$/;
/** Marks that stand on the character before them, and characters that show nothing. */
const NOTHING = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** Han, kana, Hangul and what is as wide as they are. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Places that a text takes on a terminal. */
function widthOf(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (!NOTHING.test(character)) width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}
