/** A piece of a file and what is to stand in its place; offsets count in the text without its BOM. */
export interface Span {
  /** The file's real path. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const BOM = "\ufeff";

/** A file's text as parsers and editors count in it. */
export function withoutBom(text: string): string {
  return text.startsWith(BOM) ? text.slice(1) : text;
}

/**
 * A file's text with pieces replaced; its BOM stays, and line ends that come in become those of
 * the file.
 *
 * @param spans - of this file; a piece inside another that is replaced goes with it
 */
export function applySpans(text: string, spans: readonly Span[]): string {
  const body = withoutBom(text);
  const end = body.includes("\r\n") ? "\r\n" : "\n";
  // One piece may serve several goals, and is replaced once.
  const pieces = [...new Map(spans.map((span) => [JSON.stringify(span), span])).values()];
  const outer = pieces.filter((span) => !pieces.some((other) => holds(other, span)));
  // From the end on; what comes in at one place keeps its order.
  const sorted = outer.toReversed().sort((a, b) => b.start - a.start || b.end - a.end);
  const changed = sorted.reduce(
    (result, { start, end: stop, text: piece }) =>
      result.slice(0, start) + piece.replaceAll(/\r?\n/g, end) + result.slice(stop),
    body,
  );
  return text.startsWith(BOM) ? BOM + changed : changed;
}

/** Whether a piece lies inside another, wider one; what comes in at its edge does not. */
function holds(outer: Span, inner: Span): boolean {
  const isWider = outer.end - outer.start > inner.end - inner.start;
  const isInsertion = inner.start === inner.end;
  const [from, to] = isInsertion ? [outer.start + 1, outer.end - 1] : [outer.start, outer.end];
  return isWider && from <= inner.start && inner.end <= to;
}
