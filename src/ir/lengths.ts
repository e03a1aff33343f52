import { z } from "zod";

/** `.min()` of a text or a list, which looks at nothing else that has a `length`: that may be anything. */
export function atLeast(minimum: number): z.core.$ZodCheck<string | unknown[]> {
  return new z.core.$ZodCheckMinLength({ check: "min_length", minimum, when: isMeasured });
}

/** `.max()` of a text or a list, with the same care. */
export function atMost(maximum: number): z.core.$ZodCheck<string | unknown[]> {
  return new z.core.$ZodCheckMaxLength({ check: "max_length", maximum, when: isMeasured });
}

function isMeasured({ value }: z.core.ParsePayload): boolean {
  return typeof value === "string" || Array.isArray(value);
}
