import { SourceMap } from "node:module";

/** A place in a text; line and column start at 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

interface UserSource {
  readonly text: string;
  /** What runs. */
  readonly code: string;
  readonly map: SourceMap | undefined;
}

const INLINE_MAP = "\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,";

/** The user's files as they were read, with the way back from the code that runs. */
export class UserSources {
  readonly #sources = new Map<string, UserSource>();
  readonly #foreign = new Set<string>();
  /** Files whose evaluation has begun and not ended, the innermost last. */
  readonly #open: string[] = [];

  /** Files that are transformed: TypeScript and modules. */
  get files(): readonly string[] {
    return [...this.#sources.keys()];
  }

  /** Those and the files that Node reads by itself: JSON and CommonJS. */
  get everything(): readonly string[] {
    return [...new Set([...this.#sources.keys(), ...this.#foreign])];
  }

  /** The file that was being evaluated when something happened that has no stack. */
  get current(): string | undefined {
    return this.#open.at(-1);
  }

  addForeign(file: string): void {
    this.#foreign.add(file);
  }

  code(file: string): string | undefined {
    return this.#sources.get(file)?.code;
  }

  text(file: string): string | undefined {
    return this.#sources.get(file)?.text;
  }

  /**
   * Takes a file in.
   *
   * @param code - what Babel made of it, with its map inline
   * @returns the code to run: it begins with an empty line, because what runs it puts words of
   *   its own before the first line, which would move the columns there
   */
  add(file: string, text: string, code: string): string {
    const at = code.lastIndexOf(INLINE_MAP);
    const map = at < 0 ? undefined : new SourceMap(decode(code.slice(at + INLINE_MAP.length)));
    const body = at < 0 ? code : code.slice(0, at);
    const run = `\n${body.replace(/^#!.*/, "")}`;
    this.#sources.set(file, { text, code: run, map });
    this.#open.push(file);
    return run;
  }

  /** Called by the file itself when it has been evaluated. */
  close(file: string): void {
    const at = this.#open.lastIndexOf(file);
    if (at >= 0) this.#open.length = at;
  }

  /** The place in the user's file that a place in the running code stands for. */
  original(file: string, { line, column }: Position): Position {
    const source = this.#sources.get(file);
    if (source?.map === undefined) return { line, column };
    const entry = source.map.findEntry(line - 2, column - 1);
    if (!("originalLine" in entry)) return { line: Math.max(1, line - 1), column: 1 };
    return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  }
}

function decode(base64: string): ConstructorParameters<typeof SourceMap>[0] {
  return JSON.parse(Buffer.from(base64, "base64").toString("utf8"));
}
