import jsep from "jsep";
import { COMPARISONS, type Comparison, type Condition, type WrittenValue } from "./condition.js";
import { queryMistake, type Written } from "./mistake.js";
import { nameAt, type WrittenName } from "./name.js";

/** What stands where a value is expected: all up to a space, an operator, a bracket or a quote. */
const BARE = /[^\s()&|!<>=~"'[\],]+/y;
/** What a value follows. */
const BEFORE_VALUE = /[=<>~[,]\s*$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);
const SPELLED: ReadonlyMap<string, string> = new Map([
  ["and", "&&"],
  ["or", "||"],
  ["not", "!"],
]);
const FIX = "write NAME = VALUE, with && for and, || for or, ! for not, and parentheses";

interface NameNode extends jsep.Expression {
  readonly type: "Name";
  readonly name: WrittenName;
}

interface ValueNode extends jsep.Expression {
  readonly type: "Value";
  readonly value: WrittenValue;
}

/** jsep reads operators and parentheses; names, words and their places are read here. */
let isSetUp = false;
function setUp(): void {
  if (isSetUp) return;
  isSetUp = true;
  jsep.removeAllBinaryOps();
  jsep.removeAllUnaryOps();
  jsep.addUnaryOp("!");
  jsep.addBinaryOp("||", 1);
  jsep.addBinaryOp("&&", 2);
  for (const comparison of [...COMPARISONS, "=="]) jsep.addBinaryOp(comparison, 3);
  jsep.hooks.add("gobble-token", function (env) {
    const node = tokenAt(this);
    if (node !== null) env.node = node;
  });
}

function tokenAt(scope: jsep.HookScope): NameNode | ValueNode | null {
  const { expr, index } = scope;
  if (scope.char === '"' || scope.char === "'") {
    const { value, raw } = scope.gobbleStringLiteral() as jsep.Literal;
    return { type: "Value", value: { value: String(value), index, raw, quoted: true } };
  }
  BARE.lastIndex = index;
  const raw = BARE.exec(expr)?.[0];
  if (raw === undefined) return null;
  if (!BEFORE_VALUE.test(expr.slice(0, index)) && !NUMBER.test(raw) && !WORDS.has(raw)) {
    const name = nameAt(expr, index);
    if (name === null) return null;
    scope.index += name.raw.length;
    return { type: "Name", name };
  }
  scope.index += raw.length;
  const known = WORDS.get(raw);
  const value = known !== undefined ? known : NUMBER.test(raw) ? Number(raw) : raw;
  return { type: "Value", value: { value, index, raw, quoted: false } };
}

/**
 * Reads an expression over runs, such as `top1>80 && kernel=51`.
 *
 * @throws FoveaError FOV0130 with the place of what cannot be read
 */
export function parseCondition(written: Written): Condition {
  setUp();
  let tree: jsep.Expression;
  try {
    tree = jsep(written.text);
  } catch (error) {
    if (error instanceof RangeError) throw syntax(written, 0, "it is nested too deeply");
    const { index, description } = error as { index?: number; description?: string };
    if (index === undefined || description === undefined) throw error;
    throw syntax(written, index, ourWords(description));
  }
  return read(tree, written);
}

function ourWords(description: string): string {
  if (description === "missing unaryOp argument") return "! stands before nothing";
  return description
    .replace(/^Expected expression after (.+)$/, "there is nothing after $1")
    .replace(/^Unexpected /, "unexpected ")
    .replace(/^Unclosed quote.*/, "the quotes are not closed")
    .replace(/^Unclosed /, "not closed: ");
}

function read(node: jsep.Expression, written: Written): Condition {
  switch (node.type) {
    case "Name":
      return { kind: "flag", name: (node as NameNode).name };
    case "UnaryExpression":
      return { kind: "not", of: read((node as jsep.UnaryExpression).argument, written) };
    case "BinaryExpression": {
      const { operator, left, right } = node as jsep.BinaryExpression;
      if (operator === "&&" || operator === "||") {
        const kind = operator === "&&" ? "and" : "or";
        return { kind, left: read(left, written), right: read(right, written) };
      }
      return readComparison(operator, left, right, written);
    }
    default:
      throw misplaced(node, written);
  }
}

const TURNED: Readonly<Record<string, Comparison>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

function readComparison(
  operator: string,
  left: jsep.Expression,
  right: jsep.Expression,
  written: Written,
): Condition {
  const comparison = operator === "==" ? "=" : (operator as Comparison);
  if (left.type === "Name") {
    const { name } = left as NameNode;
    return { kind: "compare", name, comparison, value: readValue(right, written) };
  }
  if (left.type === "Value" && right.type === "Value" && comparison !== "~") {
    // `80 < top1`: what follows the operator was taken for a word.
    const { value: word } = right as ValueNode;
    const name = word.quoted ? null : nameAt(written.text, word.index);
    if (name !== null && name.raw === word.raw) {
      const turned = TURNED[comparison] ?? comparison;
      return { kind: "compare", name, comparison: turned, value: (left as ValueNode).value };
    }
  }
  if (left.type === "UnaryExpression") {
    throw syntax(written, placeOf(left), "! stands before a name and not before a comparison", {
      fix: "put the comparison in parentheses: !(NAME = VALUE)",
    });
  }
  if (left.type === "BinaryExpression") {
    throw syntax(written, placeOf(left), "two comparisons in one", {
      fix: "join them with &&: 1 < NAME && NAME < 5",
    });
  }
  throw misplaced(left, written);
}

function readValue(node: jsep.Expression, written: Written): WrittenValue {
  if (node.type === "Value") return (node as ValueNode).value;
  if (node.type === "ArrayExpression") {
    const { elements } = node as jsep.ArrayExpression;
    const values = elements.map((element) => {
      if (element?.type !== "Value") throw misplaced(element ?? node, written);
      return (element as ValueNode).value;
    });
    const index = written.text.lastIndexOf("[", values[0]?.index ?? written.text.length);
    const value = values.map((each) => each.value as number | string | boolean | null);
    return { value, index, raw: JSON.stringify(value), quoted: false };
  }
  throw misplaced(node, written);
}

/** What stands where it cannot; of several parts without an operator the second one. */
function misplaced(node: jsep.Expression, written: Written): Error {
  const parts = (node["body"] ?? node["expressions"]) as jsep.Expression[] | undefined;
  if (parts !== undefined) {
    if (parts.length === 0) return syntax(written, 0, "there is no condition");
    const word = parts.map((part) => (part as NameNode).name).find((name) => isSpelled(name?.raw));
    if (word !== undefined) {
      const sign = SPELLED.get(word.raw.toLowerCase());
      return syntax(written, word.index, `${word.raw} is written ${sign}`);
    }
    return syntax(written, placeOf(parts[1] ?? node), "there is no && or || before this");
  }
  if (node.type === "Value") {
    const { index, raw } = (node as ValueNode).value;
    return syntax(written, index, `${raw} stands where a name is expected`);
  }
  return syntax(written, placeOf(node), "this is no comparison of a name with a value");
}

function isSpelled(raw: string | undefined): boolean {
  return raw !== undefined && SPELLED.has(raw.toLowerCase());
}

/** Where the first name or value in a part of the tree stands. */
function placeOf(node: jsep.Expression): number {
  const found: number[] = [];
  const look = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("index" in value && "raw" in value) found.push(Number(value.index));
    else for (const part of Object.values(value)) look(part);
  };
  look(node);
  return found.length === 0 ? 0 : Math.min(...found);
}

function syntax(written: Written, index: number, message: string, more: { fix?: string } = {}) {
  return queryMistake(written, index, {
    code: "FOV0130",
    message,
    value: written.text,
    fix: more.fix ?? FIX,
  });
}
