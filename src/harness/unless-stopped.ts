import type { Attendant } from "../launch/launcher.js";
import type { Interrupts } from "./interrupts.js";

/**
 * Hands something to a launcher, unless the user wants out before the launcher has it.
 *
 * @returns `null` where the user did
 */
export async function unlessStopped<T>(
  interrupts: Interrupts,
  note: (text: string) => void,
  submit: (attendant: Attendant) => Promise<T>,
): Promise<T | null> {
  const stopped = new AbortController();
  const forget = interrupts.listen(() => stopped.abort());
  try {
    return await submit({ note, signal: stopped.signal });
  } catch (error) {
    if (stopped.signal.aborted) return null;
    throw error;
  } finally {
    forget();
  }
}
