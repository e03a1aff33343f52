import { type BigIntStats, statSync } from "node:fs";
import { join } from "node:path";

/** What a row is read from. */
const WATCHED = ["run.json", "status.json", "events.jsonl"];
/**
 * A file that changed less than this ago may change again without its times telling: the system's
 * clock for files goes in ticks of up to 10 ms.
 */
const TICK_MS = 50;

/** How the files of a run stand. */
export interface Fingerprint {
  /** Changes when one of the files does. */
  readonly print: string;
  /** Whether a change from now on is sure to change the print. */
  readonly settled: boolean;
}

/**
 * Looks at a run's files without reading them. The time of the change of the inode counts beside
 * that of the content, which tools set back (`rsync -t`, `touch -r`). After a clock was set back,
 * files have times to come and are not settled.
 *
 * @returns `null` where the folder is no run
 */
export function fingerprint(directory: string): Fingerprint | null {
  const now = Date.now();
  let newest = 0;
  const prints: string[] = [];
  for (const name of WATCHED) {
    const stats = bigStatOf(join(directory, name));
    if (stats === null) {
      if (prints.length === 0) return null;
      prints.push("-");
      continue;
    }
    const { ino, size, mtimeNs, ctimeNs } = stats;
    newest = Math.max(newest, Number(ctimeNs / 1_000_000n));
    prints.push(`${ino}.${size}.${mtimeNs}.${ctimeNs}`);
  }
  return { print: prints.join(" "), settled: newest < now - TICK_MS };
}

/** `null` for what is not there, or cannot be looked at: one folder must not hide all others. */
function bigStatOf(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}
