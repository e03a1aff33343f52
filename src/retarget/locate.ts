import { type CallExpression, type ImportDeclaration, Node, type SourceFile } from "ts-morph";
import { bare, callAt, nameOf, nodeAt, Parser, type Position, positionOf } from "./nodes.js";
import { importOpener } from "./open-import.js";
import { type OpenImport, trace } from "./trace.js";

/** Options that stand before the object of options, as in `network("name", { … })`. */
const POSITIONAL: ReadonlySet<string> = new Set([
  "name",
  "size",
  "classes",
  "model",
  "form",
  "kernel",
  "half",
]);

/** A user's file, read to find where things were written. */
export class WrittenSource {
  readonly #file: SourceFile;
  readonly #open: OpenImport;

  /** @param path - absolute; what it imports is looked for from there */
  constructor(text: string, path: string) {
    const parser = new Parser();
    this.#file = parser.parse(path, text);
    this.#open = importOpener(parser);
  }

  /**
   * Where an option of a call was written.
   *
   * @param frame - the place of the call in a stack
   * @param path - the way from the call's options, such as `mixers[0].kernel`; empty for the call
   * @param related - ways to other options that stand for it where it was not written
   * @returns the option's value where it stands inside the call, else the innermost part of the
   *   way that does, else the call; `undefined` where there is no call
   */
  option(frame: Position, path: string, related: readonly string[] = []): Position | undefined {
    const call = callAt(this.#file, frame);
    if (call === undefined) return undefined;
    const written = [path, ...related]
      .map((each) => writtenIn(call, keysOf(each)))
      .find((each) => each !== undefined);
    return positionOf(written === undefined ? call : bare(written));
  }

  #calledAt(place: Position & { readonly file: string }): readonly CallExpression[] {
    const own = place.file === this.#file.getFilePath();
    const file = own ? this.#file : this.#open(this.#file, place.file);
    return file === undefined ? [] : [callAt(file, place)].filter((each) => each !== undefined);
  }

  /**
   * Where the value of an option is written that stands behind a name, a spread or a function, in
   * this file or in one that it imports.
   *
   * @param callers - places of the calls that were under way around this one, the innermost first
   * @returns `undefined` where the value stands in the call itself, or cannot be followed
   */
  origin(
    frame: Position,
    path: string,
    callers: readonly (Position & { readonly file: string })[],
  ): (Position & { readonly file: string }) | undefined {
    const call = callAt(this.#file, frame);
    const options = call?.getArguments().at(-1);
    if (call === undefined || options === undefined || path === "") return undefined;
    const around = { open: this.#open, callers: callers.flatMap((each) => this.#calledAt(each)) };
    const found = trace(options, keysOf(path), around);
    if (found === undefined || isInside(found, call)) return undefined;
    return { ...positionOf(found), file: found.getSourceFile().getFilePath() };
  }

  /** What the import at a place names, and where it begins; `undefined` where none is there. */
  importAt(frame: Position): (Position & { specifier: string }) | undefined {
    for (let node = nodeAt(this.#file, frame); node !== undefined; node = node.getParent()) {
      if (Node.isImportDeclaration(node) || Node.isExportDeclaration(node)) {
        const specifier = node.getModuleSpecifierValue();
        return specifier === undefined ? undefined : { ...positionOf(node), specifier };
      }
      const call = Node.isAwaitExpression(node) ? node.getExpression() : node;
      if (Node.isCallExpression(call) && isImport(call)) {
        const specifier = call.getArguments()[0];
        if (!Node.isStringLiteral(specifier)) return undefined;
        return { ...positionOf(call), specifier: specifier.getLiteralText() };
      }
    }
    return undefined;
  }

  /** Where a module is imported, for more than its types; `undefined` where it is not. */
  importOf(specifier: string): Position | undefined {
    const found = this.#file
      .getImportDeclarations()
      .find((each) => each.getModuleSpecifierValue() === specifier && !importsTypes(each));
    return found && positionOf(found);
  }

  /** Where a name is imported from a module. */
  importedName(module: string, name: string): Position | undefined {
    const found = this.#file
      .getImportDeclarations()
      .filter((each) => each.getModuleSpecifierValue() === module)
      .flatMap((each) => each.getNamedImports())
      .find((each) => each.getName() === name);
    return found && positionOf(found);
  }

  /** Where the default export begins; the first line where there is none. */
  defaultExport(): Position {
    const found = this.#file.getExportAssignment((each) => !each.isExportEquals());
    return found ? positionOf(found) : { line: 1, column: 1 };
  }
}

function isInside(node: Node, call: CallExpression): boolean {
  return (
    node.getSourceFile() === call.getSourceFile() &&
    node.getStart() >= call.getStart() &&
    node.getEnd() <= call.getEnd()
  );
}

function importsTypes(declaration: ImportDeclaration): boolean {
  if (declaration.isTypeOnly()) return true;
  const names = declaration.getNamedImports();
  const others = declaration.getDefaultImport() ?? declaration.getNamespaceImport();
  return others === undefined && names.length > 0 && names.every((each) => each.isTypeOnly());
}

function isImport(call: CallExpression): boolean {
  return ["import", "require"].includes(call.getExpression().getText());
}

/** `mixers[0].kernel` is the way `mixers`, `0`, `kernel`; `over["recipe.lr"]`, `over`, `recipe.lr`. */
function keysOf(path: string): readonly string[] {
  return [...path.matchAll(/\[("(?:[^"\\]|\\.)*")\]|[^.[\]]+/g)].map(([key, quoted]) =>
    quoted === undefined ? key : JSON.parse(quoted),
  );
}

/** The innermost node on the way that stands inside the call. */
function writtenIn(call: CallExpression, keys: readonly string[]): Node | undefined {
  const [first] = keys;
  if (first === undefined) return undefined;
  for (const argument of call.getArguments()) {
    const value = entry(argument, first);
    if (value !== undefined) return follow(value, keys.slice(1));
  }
  const positional = call.getArguments()[0];
  return POSITIONAL.has(first) && positional && !Node.isObjectLiteralExpression(positional)
    ? positional
    : undefined;
}

function follow(start: Node, keys: readonly string[]): Node {
  let node = start;
  for (const key of keys) {
    const holder = bare(node);
    // An entry such as `peripheral({ … })` has its options in its own call.
    const next = Node.isCallExpression(holder) ? writtenIn(holder, [key]) : entry(holder, key);
    if (next === undefined) break;
    node = next;
  }
  return node;
}

/** What an object or list literal holds under a key. */
function entry(node: Node, key: string): Node | undefined {
  const holder = bare(node);
  if (Node.isArrayLiteralExpression(holder)) {
    const elements = holder.getElements();
    const index = Number(key);
    return elements.slice(0, index + 1).some(Node.isSpreadElement) ? undefined : elements[index];
  }
  if (!Node.isObjectLiteralExpression(holder)) return undefined;
  const property = holder
    .getProperties()
    .findLast((each) => !Node.isSpreadAssignment(each) && nameOf(each.getNameNode()) === key);
  if (Node.isPropertyAssignment(property)) return property.getInitializer() ?? property;
  return property;
}
