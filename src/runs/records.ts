import { readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../disk/write-atomically.js";
import { FoveaError } from "../ir/error.js";
import { RunRecord, StatusRecord } from "../ir/run.js";
import { HOME_FIX } from "./home-error.js";

/** A record read from the disk, or why there is none. */
export type Read<T> = { readonly value: T } | { readonly problem: string };

function readRecord<T>(
  path: string,
  schema: { safeParse(value: unknown): { success: boolean; data?: T; error?: unknown } },
): Read<T> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return { problem: (error as NodeJS.ErrnoException).code ?? String(error) };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: "not JSON" };
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? { value: parsed.data as T } : { problem: "not of this version" };
}

export function readRunRecord(directory: string): Read<RunRecord> {
  return readRecord(join(directory, "run.json"), RunRecord);
}

export function readStatus(directory: string): Read<StatusRecord> {
  return readRecord(join(directory, "status.json"), StatusRecord);
}

/** @throws FoveaError FOV0070 where `run.json` cannot be read */
export function runRecord(directory: string, id: string): RunRecord {
  const record = readRunRecord(directory);
  if ("value" in record) return record.value;
  throw new FoveaError({
    code: "FOV0070",
    message: `${join(directory, "run.json")} is damaged: ${record.problem}`,
    value: id,
    fix: "restore it, or remove the folder",
  });
}

/** `run.json` is written once, before anything runs. */
export function writeRunRecord(directory: string, record: RunRecord): void {
  writeRecord(join(directory, "run.json"), record);
}

export function writeStatus(directory: string, status: StatusRecord): void {
  writeRecord(join(directory, "status.json"), status);
}

function writeRecord(path: string, record: RunRecord | StatusRecord): void {
  writeAtomically(path, `${JSON.stringify(record, null, 2)}\n`, HOME_FIX);
}
