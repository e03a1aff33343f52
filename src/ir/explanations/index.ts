import type { ErrorCode } from "../codes.js";
import { CHECKS } from "./checks.js";
import { COMMANDS } from "./commands.js";
import { DECLARATIONS } from "./declarations.js";
import type { Explanation } from "./explanation.js";
import { FILES } from "./files.js";

export type { Explanation } from "./explanation.js";

/** What `fovea explain` and `docs/errors.md` say of each code. */
export const EXPLANATIONS: Readonly<Record<ErrorCode, Explanation>> = {
  ...DECLARATIONS,
  ...FILES,
  ...COMMANDS,
  ...CHECKS,
};
