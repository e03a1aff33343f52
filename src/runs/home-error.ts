import { diskError } from "../disk/disk-error.js";

/** What to do where the folder of runs cannot be written. */
export const HOME_FIX = "make room or give the rights, or name another folder in FOVEA_HOME";

/** The system's refusal to write into the folder of runs; anything else is passed on as it is. */
export function homeError(error: unknown, path: string): unknown {
  return diskError(error, path, HOME_FIX);
}
