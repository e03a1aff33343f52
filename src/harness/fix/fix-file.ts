import { readFileSync, realpathSync } from "node:fs";
import type { SourceChange } from "../../disk/write-sources.js";
import type { ErrorCode } from "../../ir/codes.js";
import { type FoveaError, isFoveaError } from "../../ir/error.js";
import { loadAnyTarget } from "../../load/load-target.js";
import { applySpans } from "../../retarget/edit.js";
import { Parser } from "../../retarget/nodes.js";
import { mend } from "./mend.js";

/** One mistake that was mended. */
export interface Fix {
  readonly code: ErrorCode;
  readonly file: string;
  readonly line: number;
  readonly from: string;
  readonly to: string;
}

/** What mending a file came to. Nothing is written. */
interface Mended {
  readonly changes: readonly SourceChange[];
  readonly fixes: readonly Fix[];
}

/** Mistakes that are mended in one go at most. */
const MOST = 100;

/**
 * Mends what is mechanical in a file and in what it imports, one mistake after the other, as long
 * as the next load ends without a mistake or with another one.
 */
export async function fixFile(target: string, cwd: string): Promise<Mended> {
  const overlay = new Map<string, string>();
  const before = new Map<string, string>();
  const fixes: Fix[] = [];
  const context = { overlay, transformed: new Map<string, string>() };
  let error = await failure(target, cwd, context);
  for (let count = 0; error !== undefined && count < MOST; count += 1) {
    const parser = new Parser();
    const found = mend(error.details, (file) => {
      try {
        const real = realpathSync(file);
        const text = overlay.get(real) ?? readFileSync(real, "utf8");
        if (!before.has(real)) before.set(real, text);
        return parser.parse(real, text);
      } catch {
        return undefined;
      }
    });
    if (found === undefined) break;
    const kept = new Map(overlay);
    for (const file of new Set(found.spans.map((span) => span.file))) {
      const text = overlay.get(file) ?? before.get(file) ?? "";
      const own = found.spans.filter((span) => span.file === file);
      overlay.set(file, applySpans(text, own));
    }
    const next = await failure(target, cwd, context);
    if (next !== undefined && isSame(next, error)) {
      overlay.clear();
      for (const [file, text] of kept) overlay.set(file, text);
      break;
    }
    const { file, line = 1 } = found.at;
    fixes.push({ code: error.code, file, line, from: found.from, to: found.to });
    error = next;
  }
  const changes = [...overlay].map(([file, after]) => ({
    file,
    before: before.get(file) ?? "",
    after,
  }));
  return { changes: changes.filter((each) => each.before !== each.after), fixes };
}

async function failure(
  target: string,
  cwd: string,
  context: Parameters<typeof loadAnyTarget>[1]["context"] & object,
): Promise<FoveaError | undefined> {
  try {
    await loadAnyTarget(target, { cwd, context, note: () => {} });
    return undefined;
  } catch (error) {
    if (isFoveaError(error)) return error;
    throw error;
  }
}

function isSame(a: FoveaError, b: FoveaError): boolean {
  const key = ({ details: { code, message, location, written } }: FoveaError) =>
    JSON.stringify([code, message, location, written]);
  return key(a) === key(b);
}
