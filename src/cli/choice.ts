import { optionMistake } from "./whole.js";

/**
 * Reads one of a few words.
 *
 * @throws FoveaError FOV0040
 */
export function parseChoice<T extends string>(
  option: string,
  written: string,
  known: readonly [T, ...T[]],
): T {
  const choice = known.find((each) => each === written);
  if (choice !== undefined) return choice;
  throw optionMistake(option, written, "unknown", {
    allowed: known.join(", "),
    fix: `write ${option} ${known[0]}`,
  });
}
