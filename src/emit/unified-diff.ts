import { printable } from "../ir/printable.js";

/** Lines of context around a change. */
const CONTEXT = 2;
/** Longest diff that is shown, in lines, where nothing else is said. */
const SHOWN = 60;

/** What the two texts are called, and how much of a diff is shown. */
interface DiffOptions {
  readonly names?: readonly [before: string, after: string];
  /** Lines. */
  readonly most?: number;
}
/** Largest table of the longest common subsequence; beyond it a block counts as replaced whole. */
const CELLS = 4_000_000;

interface Line {
  readonly mark: " " | "-" | "+";
  readonly text: string;
}

/**
 * The change from one text to another as the hunks of a unified diff. Control characters are
 * escaped, and a long diff is cut.
 */
export function unifiedDiff(
  before: string,
  after: string,
  path: string,
  { names: [first, second] = ["emitted", "on disk"], most = SHOWN }: DiffOptions = {},
): string {
  const lines = compareLines(before.split("\n"), after.split("\n"));
  const shown = [`--- ${path} (${first})`, `+++ ${path} (${second})`, ...hunks(lines)];
  const kept = shown.slice(0, most);
  if (shown.length > most) kept.push(`… ${shown.length - most} more lines`);
  return kept.map(printable).join("\n");
}

function compareLines(a: readonly string[], b: readonly string[]): Line[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  const room = Math.min(a.length, b.length) - head;
  while (tail < room && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const same = (text: string): Line => ({ mark: " ", text });
  return [
    ...a.slice(0, head).map(same),
    ...compareMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(same),
  ];
}

/** Longest common subsequence by the usual table: `lengths[i][j]` is that of `a[i…]` and `b[j…]`. */
function compareMiddle(a: readonly string[], b: readonly string[]): Line[] {
  const width = b.length + 1;
  const whole = (a.length + 1) * width > CELLS;
  const lengths = new Uint32Array(whole ? 0 : (a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = whole ? -1 : a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (!whole && left !== undefined && left === right) {
      lines.push({ mark: " ", text: left });
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ mark: "-", text: left });
      i += 1;
    } else {
      lines.push({ mark: "+", text: right ?? "" });
      j += 1;
    }
  }
  return lines;
}

function hunks(lines: readonly Line[]): string[] {
  const near = (index: number): boolean =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ mark }) => mark !== " ");
  const shown: string[] = [];
  let row = 0;
  let open = false;
  lines.forEach(({ mark, text }, index) => {
    if (mark !== "+") row += 1;
    if (!near(index)) {
      open = false;
      return;
    }
    if (!open) shown.push(`@@ line ${Math.max(row, 1)} @@`);
    open = true;
    shown.push(mark + text);
  });
  return shown;
}
