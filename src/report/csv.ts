/** Rows as CSV (RFC 4180): commas, CRLF after every row, numbers as JavaScript prints them. */
export function csv(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows
    .map((cells) => `${cells.map((cell) => csvCell(String(cell ?? ""))).join(",")}\r\n`)
    .join("");
}

/** What a spreadsheet would take for a formula is made text. */
function csvCell(text: string): string {
  const safe = /^[=+@\t\r]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
