import { FoveaError } from "../ir/error.js";
import type { Size } from "../ir/grid.js";

const WHOLE = /^(0|[1-9][0-9]*)$/;

/** What a word on the command line may be. */
export interface WordRule {
  /** The option as it is typed, such as `--kernel`. */
  readonly option: string;
  /** Smallest whole number; 1 where it is not given. */
  readonly least?: 0 | 1;
  /** Largest whole number. */
  readonly most: number;
  /** The unit, in words. */
  readonly unit: string;
  /** What a right value looks like. */
  readonly example: string;
}

/** A mistake on the command line; the value is shown as it was written. */
export function optionMistake(
  option: string,
  written: string,
  wrong: string,
  more: { readonly allowed?: string; readonly fix?: string } = {},
): FoveaError {
  return new FoveaError({
    code: "FOV0040",
    message: `${option} ${written === "" ? '""' : written}: ${wrong}`,
    path: option,
    value: written,
    ...more,
  });
}

/**
 * Reads a whole number from the rule's least to its most: digits alone, no sign, fraction or exponent.
 *
 * @throws FoveaError FOV0040
 */
export function parseWhole(word: string, rule: WordRule, written = word): number {
  const least = rule.least ?? 1;
  const allowed = `a whole number of ${rule.unit} from ${least} to ${rule.most}`;
  const fix = `write ${rule.option} ${rule.example}`;
  const value = Number(word);
  if (!WHOLE.test(word) || value < least) {
    const wrong = least === 0 ? "not a whole number" : "not a positive whole number";
    throw optionMistake(rule.option, written, wrong, { allowed, fix });
  }
  if (value > rule.most) {
    throw optionMistake(rule.option, written, `more than ${rule.most}`, { allowed, fix });
  }
  return value;
}

/**
 * Reads `N`, which stands for a square, or `HxW`, height first.
 *
 * @throws FoveaError FOV0040
 */
export function parseSides(written: string, rule: WordRule): Size {
  const [height = "", width = height, ...rest] = written.split(/[x×]/);
  if (rest.length > 0) {
    throw optionMistake(rule.option, written, "more than two sides", {
      allowed: "N or HxW",
      fix: `write ${rule.option} ${rule.example}`,
    });
  }
  return [parseWhole(height, rule, written), parseWhole(width, rule, written)];
}
