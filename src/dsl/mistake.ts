import { z } from "zod";
import type { ErrorCode } from "../ir/codes.js";
import { FoveaError } from "../ir/error.js";
import { nearest } from "../ir/nearest.js";
import { IN_A_SENTENCE, showValue } from "../ir/printable.js";
import { PYTHON_KEYWORDS, PYTHON_MODULES } from "../ir/reserved.js";
import { type Path, pathText, valueAt } from "./place.js";
import { WORDS, type Words } from "./words.js";

type Issue = z.core.$ZodIssue;

/** Keys that the DSL's functions write and nobody types. */
export const WRITTEN_BY_US: ReadonlySet<string> = new Set(["kind", "type"]);

/** Options that people expect where there are none, with what to do in their place. */
const MISPLACED: Readonly<Record<string, string>> = {
  "grid.kernel": "remove kernel: a grid's kernel is the sum of its cells",
  "network.kernels":
    "give one mixer for each stage: mixers: [peripheral({ kernel: 51, centre: 5 })]",
  "network.classes": "write head: classifier(1000)",
  "network.num_classes": "write head: classifier(1000)",
  "timm.head": "write classes: 1000",
  "timm.num_classes": "write classes: 1000",
  "timm.in_chans": "write input: { channels: 3 }",
  "timm.img_size": "write input: { size: 224 }",
  "timm.size": "write input: { size: 224 }",
  "timm.drop_path_rate": "write dropPath: 0.1",
  "timm.pretrained": "remove it: a peer starts from random weights, and nothing is downloaded",
};

/**
 * The first of zod's issues as a mistake of the user's: misspelt options first, because what is
 * missing is often what was misspelt.
 *
 * @param what - the function that was called, such as `peripheral`
 * @param schema - what `value` was parsed with
 */
export function mistakeOf(
  error: z.ZodError,
  what: string,
  schema: z.ZodType,
  value: unknown,
): FoveaError {
  const issue = error.issues.find(({ code }) => code === "unrecognized_keys") ?? error.issues[0];
  return fromIssue(issue as Issue, [], what, schema, value);
}

function fromIssue(
  issue: Issue,
  prefix: Path,
  what: string,
  schema: z.ZodType,
  root: unknown,
): FoveaError {
  let path: Path = [...prefix, ...(issue.path as Path)];
  if (issue.code === "invalid_union") {
    const deeper = issue.errors.flat().find((each) => each.path.length > 0);
    if (deeper !== undefined) return fromIssue(deeper, path, what, schema, root);
  }
  // An object of none of the known types: the object is wrong, not what nobody types.
  if (WRITTEN_BY_US.has(String(path.at(-1)))) path = path.slice(0, -1);
  if (issue.code === "unrecognized_keys") {
    const options = optionsAt(schema, path, root);
    return unknownOption(what, [...path, issue.keys[0] ?? ""], root, options);
  }
  const value = valueAt(root, path);
  const last = path.at(-1);
  if (value === undefined && typeof last === "string" && holds(root, path)) {
    return missingOption(what, path, root);
  }
  const words = wordsFor(path, root);
  const tooMuch = issue.code === "too_big" && words.limited === true && value !== undefined;
  return wrongValue(path, value, words, tooMuch ? "FOV0022" : words.code);
}

/** Whether the object exists that the last key of the path belongs to. */
function holds(root: unknown, path: Path): boolean {
  const holder = valueAt(root, path.slice(0, -1));
  return typeof holder === "object" && holder !== null;
}

export function wrongValue(
  path: Path,
  value: unknown,
  { allowed, example }: Words,
  code: ErrorCode = "FOV0001",
): FoveaError {
  const name = pathText(path);
  return new FoveaError({
    code,
    message: `${name} cannot be ${showValue(value, IN_A_SENTENCE)}`,
    path: name,
    value,
    allowed,
    fix: fixFor(path, value, example),
  });
}

/**
 * A positional argument that is none of the names it can be.
 *
 * @param others - what else is allowed, in words
 */
export function wrongChoice(
  argument: string,
  value: unknown,
  choices: readonly string[],
  others?: string,
): FoveaError {
  const names = choices.map((each) => `"${each}"`);
  const close = typeof value === "string" ? nearest(value, choices, 1) : [];
  return new FoveaError({
    code: "FOV0001",
    message: `${argument} cannot be ${showValue(value, IN_A_SENTENCE)}`,
    path: argument,
    value,
    allowed: [...names, ...(others === undefined ? [] : [others])].join(", "),
    fix: `write "${close[0] ?? choices[0]}"`,
  });
}

function missingOption(what: string, path: Path, root: unknown): FoveaError {
  const { allowed, example } = wordsFor(path, root);
  return new FoveaError({
    code: "FOV0003",
    message: `${what}() needs the option ${pathText(path)}`,
    path: pathText(path),
    value: undefined,
    allowed,
    fix: `add ${String(path.at(-1))}: ${example}`,
  });
}

export function unknownOption(
  what: string,
  path: Path,
  root: unknown,
  known: readonly string[],
): FoveaError {
  const name = String(path.at(-1));
  const owner = path.length > 1 ? pathText(path.slice(0, -1)) : `${what}()`;
  const close = nearest(name, known, 1)[0];
  const fix = MISPLACED[`${what}.${name}`] ?? (close ? `write ${close}` : "remove it");
  return new FoveaError({
    code: "FOV0002",
    message: `${owner} has no option ${showValue(name).slice(1, -1)}`,
    path: pathText(path),
    value: valueAt(root, path),
    allowed: known.length === 0 ? "no options" : known.join(", "),
    fix,
  });
}

/** Words for the option that a path leads to; those of its object's type win. */
export function wordsFor(path: Path, root: unknown): Words {
  const names = path.filter((key) => typeof key === "string");
  const name = `${names.at(-1) ?? ""}${typeof path.at(-1) === "number" ? "[]" : ""}`;
  const holder = valueAt(root, path.slice(0, -1));
  const owner = ownerOf(holder) ?? String(names.at(-2) ?? "");
  return WORDS[`${owner}.${name}`] ?? WORDS[name] ?? { allowed: "another value", example: "…" };
}

function ownerOf(holder: unknown): string | undefined {
  if (typeof holder !== "object" || holder === null) return undefined;
  const { type, kind } = holder as Record<string, unknown>;
  return [type, kind].find((each) => typeof each === "string");
}

function fixFor(path: Path, value: unknown, example: string): string {
  const name = path.filter((key) => typeof key === "string").at(-1);
  if (isOddCount(name) && typeof value === "number" && Number.isFinite(value)) {
    return `write ${oddNeighbours(value)}`;
  }
  if (name === "name" && typeof value === "string") return `write ${usableName(value)}`;
  if (typeof value === "string" && /^\s*\d+(\.\d+)?\s*$/.test(value) && /^\d/.test(example)) {
    return `write ${value.trim()} without quotes`;
  }
  return `write ${name === undefined || typeof path.at(-1) === "number" ? "" : `${name}: `}${example}`;
}

function isOddCount(name: string | undefined): boolean {
  return ["kernel", "centre", "branch", "width"].includes(name ?? "");
}

/** The name with everything replaced that is not allowed; a reserved one gets an ending. */
function usableName(name: string): string {
  const letters = name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "")
    .slice(0, 59);
  const reserved = PYTHON_KEYWORDS.has(letters) || PYTHON_MODULES.has(letters);
  return JSON.stringify(letters === "" ? "my_net" : `${letters}${reserved ? "_net" : ""}`);
}

/** `51 or 49` for 50. */
function oddNeighbours(value: number): string {
  const below = Math.min(1023, Math.max(1, 2 * Math.floor((value - 1) / 2) + 1));
  const above = Math.min(1023, Math.max(1, below === value ? below : below + 2));
  if (value < 1 || below === above) return String(below);
  return `${above} or ${below}`;
}

/** Names of the options that the schema has at a path; of a union, those of the value's type. */
function optionsAt(schema: z.ZodType, path: Path, root: unknown): readonly string[] {
  let here: unknown = schema;
  let value = root;
  for (const key of [...path, undefined]) {
    if (here instanceof z.ZodNullable) here = here.unwrap();
    if (here instanceof z.ZodDiscriminatedUnion) here = optionOf(here, value);
    if (key === undefined) break;
    if (here instanceof z.ZodObject) here = here.shape[key];
    else if (here instanceof z.ZodArray) here = here.element;
    value = valueAt(value, [key]);
  }
  if (!(here instanceof z.ZodObject)) return [];
  return Object.keys(here.shape).filter((each) => !WRITTEN_BY_US.has(each));
}

function optionOf(union: z.ZodDiscriminatedUnion, value: unknown): unknown {
  const { discriminator } = union.def;
  const type = valueAt(value, [discriminator]);
  return union.options.find((each) => {
    return each instanceof z.ZodObject && each.shape[discriminator]?.safeParse(type).success;
  });
}
