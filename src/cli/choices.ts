import { optionMistake } from "./whole.js";

/**
 * Reads a comma-separated list of known words; equal ones count once.
 *
 * @throws FoveaError FOV0040
 */
export function parseChoices<T extends string>(
  option: string,
  written: string,
  known: readonly T[],
): readonly T[] {
  const words = written.split(",").map((word) => {
    const choice = known.find((each) => each === word);
    if (choice !== undefined) return choice;
    throw optionMistake(option, written, `${word === "" ? '""' : word} is unknown`, {
      allowed: `${known.join(", ")}, several with commas between`,
      fix: `write ${option} ${known.slice(0, 2).join(",")}`,
    });
  });
  return [...new Set(words)];
}
