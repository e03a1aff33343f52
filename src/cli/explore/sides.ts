import { LIMITS } from "../../ir/limits.js";
import { evenMistake } from "../grid-options.js";
import { optionMistake, parseWhole } from "../whole.js";

const RANGE = /^([^./]*)\.\.([^./]*)(?:\/(.*))?$/;

/** An option that takes sides of kernels or of centres. */
type SidesOption = "--kernels" | "--centre";

const EXAMPLES = { "--kernels": "31..151/4", "--centre": "3,5,7" } as const;
const CODES = { "--kernels": "FOV0010", "--centre": "FOV0011" } as const;

/**
 * Reads odd sides in taps: `51`, `31,51,101`, `31..151/4` from 31 on by steps of 4 up to 151, or
 * these together. Without a step a range goes by 2.
 *
 * @returns each side once, in growing order
 * @throws FoveaError FOV0040 for what cannot be read, FOV0010 or FOV0011 for even sides
 */
export function parseSideList(option: SidesOption, written: string): readonly number[] {
  const sides = written.split(",").flatMap((part) => parsePart(option, part.trim(), written));
  return [...new Set(sides)].sort((a, b) => a - b);
}

function parsePart(option: SidesOption, part: string, written: string): readonly number[] {
  const range = RANGE.exec(part);
  if (range === null) {
    const side = parseSide(option, part, written);
    if (side % 2 === 0) throw even(option, written, side);
    return [side];
  }
  const [first, last] = [
    parseSide(option, range[1] ?? "", written),
    parseSide(option, range[2] ?? "", written),
  ];
  const step = range[3] === undefined ? 2 : parseStep(option, range[3], written);
  if (last < first) {
    throw optionMistake(option, written, `${part} goes from the larger side to the smaller`, {
      allowed: "FIRST..LAST/STEP with LAST at least FIRST",
      fix: `write ${last}..${first}${range[3] === undefined ? "" : `/${step}`}`,
    });
  }
  const count = Math.floor((last - first) / step) + 1;
  const sides = Array.from({ length: count }, (_, index) => first + index * step);
  const wrong = sides.find((side) => side % 2 === 0);
  if (wrong === undefined) return sides;
  if (wrong === first) throw even(option, written, wrong);
  const near = step === 1 ? "2" : `${step - 1} or ${step + 1}`;
  throw even(option, written, wrong).with({
    fix: `use ${wrong - 1} or ${wrong + 1}: a step of ${near} keeps to odd sides`,
  });
}

function parseSide(option: SidesOption, word: string, written: string): number {
  const rule = { option, most: LIMITS.kernelSide, unit: "taps", example: EXAMPLES[option] };
  return parseWhole(word, rule, written);
}

function parseStep(option: SidesOption, word: string, written: string): number {
  const rule = { option, most: LIMITS.kernelSide, unit: "taps a step", example: EXAMPLES[option] };
  return parseWhole(word, rule, written);
}

function even(option: SidesOption, written: string, side: number) {
  return evenMistake(option, written, side).with({ code: CODES[option] });
}
