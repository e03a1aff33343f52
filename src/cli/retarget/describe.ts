import { relative } from "node:path";
import { unifiedDiff } from "../../emit/unified-diff.js";
import type { RetargetPlan, SourceEdit, ValueChange } from "../../harness/retarget/request.js";
import type { SizeComparison } from "../../ir/retarget.js";
import { renderComparison } from "../../report/retarget.js";
import type { Io } from "../io.js";

/** Longest diff of a user's file, in lines. */
const MOST = 400;

/** The change of one file as a unified diff, with the path as the user would write it. */
export function diffOf(
  { file, before, after }: SourceEdit,
  names: readonly [before: string, after: string] = ["now", "after"],
): string {
  return unifiedDiff(before, after, shown(file), { names, most: MOST }).trimEnd();
}

/** The diff, where each value was written, and the card before and after. */
export async function printChange(
  io: Io,
  plan: RetargetPlan,
  comparison: SizeComparison,
): Promise<void> {
  const { edits, changes, after, before } = plan;
  if (edits.length === 0 && plan.file !== null) {
    await io.print(`${before.name} is so already: nothing changes`);
    return;
  }
  const parts = [
    ...edits.map((edit) => diffOf(edit)),
    changes.map(changeInWords).join("\n"),
    `${after.name}\n${renderComparison(comparison, { color: io.color })}`,
  ];
  await io.print(parts.filter((part) => part !== "").join("\n\n"));
}

function changeInWords({ path, from, to, location, how }: ValueChange): string {
  const place = [shown(location.file), location.line, location.column]
    .filter((each) => each !== undefined)
    .join(":");
  return `${path}  ${from} → ${to}  ${place}, ${how}`;
}

function shown(file: string): string {
  const inside = relative(process.cwd(), file);
  return inside.startsWith("..") || inside === "" ? file : inside;
}
