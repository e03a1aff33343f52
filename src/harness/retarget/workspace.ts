import { readFileSync, realpathSync } from "node:fs";
import { dirname, extname, isAbsolute, join, relative } from "node:path";
import type { CallExpression, Node, SourceFile } from "ts-morph";
import type { Network } from "../../ir/network.js";
import type { LoadContext } from "../../load/overlay.js";
import { applySpans, type Span } from "../../retarget/edit.js";
import { callAt, Parser } from "../../retarget/nodes.js";
import { importOpener } from "../../retarget/open-import.js";
import { trace } from "../../retarget/trace.js";
import type { SourceEdit } from "./request.js";
import { type Snapshot, takeSnapshot } from "./snapshot.js";

/** Files that values are written in. */
const SOURCES = new Set([".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"]);

/** A user's file and what it imports, with edits tried in memory. */
export class Workspace {
  readonly before: Snapshot;
  readonly #cwd: string;
  readonly #target: string;
  readonly #transformed: LoadContext["transformed"];
  readonly #parser = new Parser();
  readonly #texts = new Map<string, string>();

  private constructor(
    before: Snapshot,
    target: string,
    cwd: string,
    transformed: LoadContext["transformed"],
  ) {
    this.before = before;
    this.#target = target;
    this.#cwd = cwd;
    this.#transformed = transformed;
  }

  /** @throws FoveaError with its place for every mistake in the file */
  static async open(target: string, cwd: string): Promise<Workspace> {
    const transformed = new Map<string, string>();
    const before = await takeSnapshot(target, cwd, { overlay: new Map(), transformed });
    return new Workspace(before, target, cwd, transformed);
  }

  /** Real paths of the files that may be edited: all that were read, but for installed packages. */
  get files(): readonly string[] {
    return this.before.files.filter(
      (file) => SOURCES.has(extname(file)) && !/[\\/]node_modules[\\/]/.test(file),
    );
  }

  parse(file: string): SourceFile {
    return this.#parser.parse(file, this.text(file));
  }

  text(file: string): string {
    const known = this.#texts.get(file) ?? readFileSync(file, "utf8");
    this.#texts.set(file, known);
    return known;
  }

  /** The call that declares a network, as it is written. */
  declaration(network: Network): CallExpression | undefined {
    const call = this.before.origins(network)?.call;
    if (call === undefined) return undefined;
    const file = realpathSync(call.file);
    return this.files.includes(file) ? callAt(this.parse(file), call) : undefined;
  }

  /** Where what an expression gives is written, as far as it can be followed. */
  definition(node: Node): Node {
    const around = { open: importOpener(this.#parser), callers: [] };
    return trace(node, [], around) ?? node;
  }

  /** What the file declares with edits made; `undefined` where it does not load so. */
  async tried(spans: readonly Span[]): Promise<Snapshot | undefined> {
    return this.otherTried(this.#target, this.#cwd, spans);
  }

  /** {@link tried} for another file that imports edited ones. */
  async otherTried(
    target: string,
    cwd: string,
    spans: readonly Span[],
  ): Promise<Snapshot | undefined> {
    const overlay = new Map(this.#edited(spans));
    const speak = silence();
    try {
      return await takeSnapshot(target, cwd, { overlay, transformed: this.#transformed });
    } catch {
      return undefined;
    } finally {
      speak();
    }
  }

  edits(spans: readonly Span[]): readonly SourceEdit[] {
    return this.#edited(spans).map(([file, after]) => ({
      file: this.asGiven(file),
      before: this.text(file),
      after,
    }));
  }

  /** A real path as seen through the path that the user gave. */
  asGiven(file: string): string {
    const given = this.before.file;
    const inside = relative(dirname(realpathSync(given)), file);
    if (file === realpathSync(given)) return given;
    return inside.startsWith("..") || isAbsolute(inside) ? file : join(dirname(given), inside);
  }

  #edited(spans: readonly Span[]): [string, string][] {
    const files = [...new Set(spans.map(({ file }) => file))];
    return files.map((file) => [
      file,
      applySpans(
        this.text(file),
        spans.filter((each) => each.file === file),
      ),
    ]);
  }
}

/** What the user's files print when they are loaded is printed once, not at every try. */
function silence(): () => void {
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  const nothing = (_: unknown, ...rest: unknown[]): boolean => {
    const done = rest.at(-1);
    if (typeof done === "function") done();
    return true;
  };
  for (const stream of streams) stream.write = nothing;
  return () => {
    for (const [index, stream] of streams.entries()) {
      const write = writes[index];
      if (write !== undefined) stream.write = write;
    }
  };
}
