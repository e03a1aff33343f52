import type { CHECK_CODES, ErrorCode } from "../ir/codes.js";

/** What a check finds. */
export interface Finding {
  /** `warning`: probably not what was meant. `note`: worth knowing. */
  readonly level: "warning" | "note";
  /** Stable name of the check, such as `branch-breaks-sharing`. */
  readonly id: keyof typeof CHECK_CODES;
  /** Dotted path in the declaration. */
  readonly path: string;
  readonly message: string;
}

/** Something about a declared network that its author should know; none of it is a mistake. */
export interface Check extends Finding {
  /** What `fovea explain` takes. */
  readonly code: ErrorCode;
}
