import { z } from "zod";
import { PYTHON_KEYWORDS, PYTHON_MODULES } from "./reserved.js";

const notReserved = (name: string): boolean =>
  !PYTHON_KEYWORDS.has(name) && !PYTHON_MODULES.has(name);

/** A network's name is the name of a Python package, and must not hide another one. */
export const NetworkName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, "a lower-case letter, then at most 63 of a-z, 0-9 and _")
  .refine(notReserved, "no Python keyword and no module that Python or the package imports");

/** An experiment's name begins the ids of its runs. */
export const ExperimentName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,63}$/, "a lower-case letter, then at most 63 of a-z, 0-9, _ and -")
  .refine(notReserved, "no Python keyword and no module that Python or the package imports");
