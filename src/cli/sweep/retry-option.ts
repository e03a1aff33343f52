import {
  RETRIED,
  RETRIES,
  type Retried,
  type RetryPolicy,
  USUAL_RETRIES,
} from "../../harness/sweep/retry-policy.js";
import { optionMistake, parseWhole } from "../whole.js";

const ALLOWED = `none, or ${RETRIED.join(", ")}, each with :N for how often (${RETRIES})`;

/**
 * Reads `--retry lost,failed:1`: which ends have another try in the same command, and how many.
 *
 * @throws FoveaError FOV0040
 */
export function readRetry(written: string | undefined): RetryPolicy {
  if (written === undefined) return USUAL_RETRIES;
  if (written === "none") return {};
  const policy: Partial<Record<Retried, number>> = {};
  for (const word of written.split(",")) {
    const [name = "", count, ...rest] = word.trim().split(":");
    const status = RETRIED.find((each) => each === name);
    if (status === undefined || rest.length > 0) {
      throw optionMistake("--retry", written, `there is no class ${JSON.stringify(word.trim())}`, {
        allowed: ALLOWED,
        fix: "write --retry lost,failed:1",
      });
    }
    policy[status] =
      count === undefined
        ? RETRIES
        : parseWhole(
            count,
            { option: "--retry", least: 0, most: 1000, unit: "tries", example: "lost,failed:1" },
            written,
          );
  }
  return policy;
}
