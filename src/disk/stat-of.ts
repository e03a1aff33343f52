import { type Stats, statSync } from "node:fs";

/** `null` for what is not there, or cannot be looked at. */
export function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}
