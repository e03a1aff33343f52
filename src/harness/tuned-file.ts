import { existsSync, readFileSync } from "node:fs";
import type { z } from "zod";
import { pathText, valueAt } from "../dsl/place.js";
import { FoveaError } from "../ir/error.js";
import { IN_A_SENTENCE, showValue } from "../ir/printable.js";
import { TunedFile, tunedKey } from "../plan/triton/tuned.js";
import { sortTuned } from "../plan/triton/tuned-table.js";

const FIX = "write one with `fovea tune TARGET --out FILE.json`";

/**
 * Reads what `fovea tune` wrote.
 *
 * @param option - what named the file on the command line
 * @throws FoveaError FOV0040 with the file, the place in it and what is wrong there
 */
export function readTunedFile(file: string, option: string): TunedFile {
  const mistake = (wrong: string, value: unknown): FoveaError =>
    new FoveaError({
      code: "FOV0040",
      message: `${option} ${file === "" ? '""' : file}: ${wrong}`,
      path: option,
      value,
      allowed: "{v: 1, device, versions, entries: [{arch, dtype, map, rows, columns, batch, …}]}",
      fix: FIX,
    });
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const reason = error instanceof SyntaxError ? "this is no JSON" : "it cannot be read";
    throw mistake(`${reason}: ${(error as Error).message}`, file);
  }
  const read = TunedFile.safeParse(content);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0] as z.core.$ZodIssue;
  const place = path as (string | number)[];
  const value = valueAt(content, place);
  const seen = value === undefined ? "" : ` is ${showValue(value, IN_A_SENTENCE)}`;
  throw mistake(`${pathText(place) || "the whole"}${seen}: ${message}`, value ?? file);
}

/** A table as it was found, or none. */
export function readTunedFileIfAny(file: string, option: string): TunedFile | undefined {
  return existsSync(file) ? readTunedFile(file, option) : undefined;
}

/**
 * Puts what was found now into an older table: the same key is replaced. A table tells of one
 * device and one set of versions, so entries that were measured with others leave it.
 */
export function mergeTuned(older: TunedFile | undefined, found: TunedFile): TunedFile {
  const kept = older !== undefined && isComparable(older, found) ? older.entries : [];
  const entries = new Map([...kept, ...found.entries].map((entry) => [tunedKey(entry), entry]));
  return { ...found, entries: sortTuned([...entries.values()]) };
}

/** Whether two tables were measured on the same device with the same versions. */
export function isComparable(a: TunedFile, b: TunedFile): boolean {
  const names = new Set([...Object.keys(a.versions), ...Object.keys(b.versions)]);
  return a.device === b.device && [...names].every((name) => a.versions[name] === b.versions[name]);
}

/** An entry a line, so that a change of one shows as one. */
export function tunedFileText({ v, device, versions, entries }: TunedFile): string {
  const head = JSON.stringify({ v, device, versions }).slice(0, -1);
  const lines = entries.map((entry) => JSON.stringify(entry));
  return `${head},"entries":[\n${lines.join(",\n")}\n]}\n`;
}
