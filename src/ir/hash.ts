import { createHash } from "node:crypto";
import { stringify } from "safe-stable-stringify";

/** Canonical JSON: keys sorted, no white space. */
export function canonicalJson(value: unknown): string {
  const text = stringify(value);
  if (text === undefined) throw new TypeError("the value has no JSON form");
  return text;
}

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** SHA-256 of a value's canonical JSON: the identity of a network or an experiment. */
export function contentHash(value: unknown): string {
  return sha256(canonicalJson(value));
}
