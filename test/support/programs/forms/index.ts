import type { Draft, Written } from "../draft.js";
import { arithmetic } from "./arithmetic.js";
import { constants } from "./constants.js";
import { containers } from "./containers.js";
import { files } from "./files.js";
import { functions } from "./functions.js";
import { texts } from "./texts.js";

const FAMILIES = [constants, containers, files, functions, texts, arithmetic] as const;

/** Writes a number in any of the forms, and notes which. */
export function write(draft: Draft, value: number): Written {
  const family = draft.dice.pick(FAMILIES);
  const [name, form] = draft.dice.pick(Object.entries(family)) ?? [];
  if (name === undefined || form === undefined) throw new TypeError("a family has no forms");
  draft.forms.push(name);
  return form(draft, value);
}
