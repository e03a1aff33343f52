/** A name as it was written: of a column, a metric or a setting. */
export interface WrittenName {
  /** In one spelling: `metrics["a-b"]` is `metrics.a-b`. */
  readonly path: string;
  readonly index: number;
  /** As it was written. */
  readonly raw: string;
}

const FIRST = /[A-Za-z_][\w$]*/.source;
const PART = /\.[A-Za-z_][\w$]*|\[(?:\d+|\*)\]|\["[^"]*"\]|\['[^']*'\]/.source;
const NAME = new RegExp(`${FIRST}(?:${PART})*`, "y");
const QUOTED = /\[(["'])(.*?)\1\]/g;

/** The name that begins at a place of a text, if one does. */
export function nameAt(text: string, index: number): WrittenName | null {
  NAME.lastIndex = index;
  const raw = NAME.exec(text)?.[0];
  return raw === undefined ? null : { path: raw.replaceAll(QUOTED, ".$2"), index, raw };
}
