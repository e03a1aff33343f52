import { Node, type ObjectLiteralExpression, type SourceFile } from "ts-morph";
import type { Span } from "./edit.js";
import { bare, nameOf } from "./nodes.js";

/** A way to give an option a value. */
export interface OptionEdit {
  readonly spans: readonly Span[];
  /** The expression that goes away; `undefined` where the option was not written there. */
  readonly replaced: Node | undefined;
  /** Where the value comes to stand. */
  readonly at: Node;
}

/**
 * The ways to write an option into an argument of a call, the smallest first.
 *
 * @param holder - the argument: an object literal, or an expression that gives one
 * @param path - the way to the option: `["kernel"]`, `["input", "size"]`
 * @param text - what to write
 */
export function setOption(
  file: SourceFile,
  holder: Node,
  path: readonly string[],
  text: string,
): readonly OptionEdit[] {
  const [key = "", ...rest] = path;
  const object = bare(holder);
  const nested = rest.reduceRight((inner, each) => `{ ${each}: ${inner} }`, text);
  if (!Node.isObjectLiteralExpression(object)) {
    const spread = `{ ...${spreadable(holder)}, ${key}: ${nested} }`;
    return [{ spans: [replace(file, holder, spread)], replaced: undefined, at: holder }];
  }
  const edits: OptionEdit[] = [];
  const property = object
    .getProperties()
    .findLast((each) => !Node.isSpreadAssignment(each) && nameOf(each.getNameNode()) === key);
  if (Node.isPropertyAssignment(property)) {
    const value = property.getInitializerOrThrow();
    if (rest.length > 0) edits.push(...setOption(file, value, rest, text));
    else edits.push({ spans: [replace(file, value, text)], replaced: value, at: value });
  } else if (Node.isShorthandPropertyAssignment(property)) {
    const value = rest.length > 0 ? `{ ...${key}${restText(rest, text)} }` : nested;
    const spans = [replace(file, property, `${key}: ${value}`)];
    edits.push({ spans, replaced: property.getNameNode(), at: property });
  }
  // Where it stands already, a second one would be a mistake of its own.
  if (property === undefined) {
    const spans = append(file, object, `${key}: ${nested}`);
    edits.push({ spans, replaced: undefined, at: object });
  }
  return edits;
}

function restText([key, ...rest]: readonly string[], text: string): string {
  return `, ${key}: ${rest.reduceRight((inner, each) => `{ ${each}: ${inner} }`, text)}`;
}

/** An expression that may stand behind `...`. */
function spreadable(node: Node): string {
  const text = node.getText();
  return Node.isIdentifier(node) ||
    Node.isCallExpression(node) ||
    Node.isPropertyAccessExpression(node)
    ? text
    : `(${text})`;
}

/** Puts a text in a node's place; its further lines are indented as the node's own line is. */
export function replace(file: SourceFile, node: Node, text: string): Span {
  const start = node.getStart();
  return { file: file.getFilePath(), start, end: node.getEnd(), text: indented(file, start, text) };
}

/** A text whose further lines are indented as the line is that it comes to stand on. */
export function indented(file: SourceFile, at: number, text: string): string {
  const line = file.getFullText().slice(0, at).split("\n").at(-1) ?? "";
  return text.replaceAll("\n", `\n${/^[ \t]*/.exec(line)?.[0]}`);
}

/** A property behind all others, on a line of its own where they have their own. */
function append(file: SourceFile, object: ObjectLiteralExpression, text: string): readonly Span[] {
  const last = object.getProperties().at(-1);
  if (last === undefined) return [replace(file, object, `{ ${text} }`)];
  const whole = file.getFullText();
  const indent = /\n([ \t]*)$/.exec(whole.slice(object.getStart(), last.getStart()))?.[1];
  const end = last.getEnd();
  const comma = /^\s*,/.exec(whole.slice(end, object.getEnd()))?.[0];
  const behind = end + (comma?.length ?? 0);
  const at = (start: number, piece: string): Span => {
    return { file: file.getFilePath(), start, end: start, text: piece };
  };
  if (indent === undefined) {
    const piece = indented(file, object.getStart(), text);
    return [at(behind, `${comma === undefined ? "," : ""} ${piece}`)];
  }
  // A comment on the last property's line stays there.
  const line = /^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/)?(?=\r?\n)/.exec(whole.slice(behind));
  const piece = `\n${indent}${text.replaceAll("\n", `\n${indent}`)}`;
  const place = behind + (line?.[0].length ?? 0);
  return comma === undefined ? [at(end, ","), at(place, `${piece},`)] : [at(place, `${piece},`)];
}
