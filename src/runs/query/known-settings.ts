import type { z } from "zod";
import { Experiment } from "../../ir/experiment.js";
import { RunRecord } from "../../ir/run.js";
import type { Kind, Kinds } from "./kinds.js";

interface Found {
  readonly kinds: Set<Kind>;
  readonly choices: Set<string>;
  /** Whether any text is possible. */
  open: boolean;
}

/** What zod says of a schema; only what is looked at here. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly options?: readonly z.core.$ZodType[];
  readonly element?: z.core.$ZodType;
  readonly items?: readonly z.core.$ZodType[];
  readonly entries?: Readonly<Record<string, string | number>>;
  readonly values?: readonly unknown[];
}

let known: ReadonlyMap<string, Kinds> | null = null;

/**
 * Every setting that a `run.json` can have, by its path as `recordedSettings` gives it, with `[*]`
 * for the places of a list of objects. Read from the schemas, so that a name means the same
 * whichever runs there are.
 */
export function knownSettings(): ReadonlyMap<string, Kinds> {
  if (known !== null) return known;
  const found = new Map<string, Found>();
  const { kind: _kind, ...settings } = Experiment.shape;
  const { experiment: _experiment, v: _v, run: _run, hash: _hash, ...rest } = RunRecord.shape;
  for (const [name, schema] of Object.entries({ ...settings, ...rest })) walk(schema, name, found);
  known = new Map(
    [...found].map(([path, { kinds, choices, open }]) => [
      path,
      { kinds, choices: open || choices.size === 0 ? null : [...choices] },
    ]),
  );
  return known;
}

function walk(schema: z.core.$ZodType, path: string, found: Map<string, Found>): void {
  const definition = schema._zod.def as unknown as Definition;
  const inner = definition.innerType ?? definition.in;
  if (inner !== undefined) {
    walk(inner, path, found);
    return;
  }
  const here = found.get(path) ?? {
    kinds: new Set<Kind>(),
    choices: new Set<string>(),
    open: false,
  };
  found.set(path, here);
  switch (definition.type) {
    case "object":
      here.kinds.add("group");
      for (const [name, each] of Object.entries(definition.shape ?? {})) {
        walk(each, `${path}.${name}`, found);
      }
      return;
    case "record":
      here.kinds.add("group");
      return;
    case "union":
      for (const option of definition.options ?? []) walk(option, path, found);
      return;
    case "array":
      if (definition.element !== undefined && isOfObjects(definition.element)) {
        here.kinds.add("group");
        walk(definition.element, `${path}[*]`, found);
      } else {
        here.kinds.add(listOf(definition.element));
      }
      return;
    case "tuple":
      here.kinds.add(listOf(definition.items?.[0]));
      return;
    case "enum":
      takeValues(Object.values(definition.entries ?? {}), here);
      return;
    case "literal":
      takeValues(definition.values ?? [], here);
      return;
    case "string":
      here.kinds.add("text");
      here.open = true;
      return;
    case "number":
      here.kinds.add("number");
      return;
    case "boolean":
      here.kinds.add("truth");
      return;
  }
}

function isOfObjects(element: z.core.$ZodType): boolean {
  const { type, options, innerType } = element._zod.def as unknown as Definition;
  if (innerType !== undefined) return isOfObjects(innerType);
  return type === "object" || (options ?? []).some(isOfObjects);
}

function listOf(element: z.core.$ZodType | undefined): Kind {
  return element?._zod.def.type === "number" ? "numbers" : "texts";
}

function takeValues(values: readonly unknown[], into: Found): void {
  for (const value of values) {
    if (typeof value === "string") {
      into.kinds.add("text");
      into.choices.add(value);
    } else if (typeof value === "number") into.kinds.add("number");
    else if (typeof value === "boolean") into.kinds.add("truth");
  }
}
