import { optionMistake } from "./whole.js";

const SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  min: 60,
  h: 3600,
  d: 86_400,
  w: 7 * 86_400,
};

/**
 * Reads an age such as `30d`.
 *
 * @returns seconds
 * @throws FoveaError FOV0040
 */
export function parseAge(option: string, written: string): number {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?)(s|min|h|d|w)$/.exec(written) ?? [];
  const seconds = Number(count) * (SECONDS[unit] ?? Number.NaN);
  if (Number.isFinite(seconds)) return seconds;
  throw optionMistake(option, written, "not an age", {
    allowed: "a number with s, min, h, d or w: 90s, 45min, 12h, 30d, 2w",
    fix: `write ${option} 30d`,
  });
}
