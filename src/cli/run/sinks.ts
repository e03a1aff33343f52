import type { SinkName } from "../../ir/run.js";
import { SINKS } from "../../ir/run-names.js";
import { parseChoices } from "../choices.js";
import { optionMistake } from "../whole.js";

const NONE = "none";

/** Takes `--sink` once more. */
export function collectSinks(words: string, before: readonly string[] = []): readonly string[] {
  return [...before, words];
}

/**
 * Reads the names of sinks, several with commas between; one that is named twice counts once.
 *
 * @throws FoveaError FOV0040
 */
export function readSinks(words: readonly string[]): SinkName[] {
  const written = words.join(",");
  const chosen = parseChoices("--sink", written, [...SINKS, NONE]);
  const sinks = chosen.filter((name) => name !== NONE);
  if (sinks.length === 0 || sinks.length === chosen.length) return sinks;
  throw optionMistake("--sink", written, `${NONE} stands alone`, {
    allowed: `names of sinks, or ${NONE}`,
    fix: `write --sink ${sinks.join(",")}`,
  });
}
