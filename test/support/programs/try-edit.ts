import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { planRetarget } from "../../../src/harness/retarget/plan-retarget.js";
import type { RetargetPlan } from "../../../src/harness/retarget/request.js";
import { isFoveaError } from "../../../src/ir/error.js";
import { writeProgram } from "./folders.js";
import { changedLines, judge } from "./judge.js";
import type { Program } from "./program.js";
import { type Edit, expected } from "./requests.js";
import { folderOf } from "./state.js";

/** What came of an edit. */
export interface Tried {
  /** `edited`, `written out`, or the code of a refusal. */
  readonly outcome: string;
  readonly mistakes: readonly string[];
  /** Lines that went and came. */
  readonly lines: number;
}

/** Mistakes of a program itself: it is not what it was built to be. */
export async function programMistakes(
  folder: string,
  program: Program,
): Promise<readonly string[]> {
  const request = { network: "", wishes: { stages: [] }, override: false, split: false };
  const now = await folderOf(folder, program);
  return judge(now, now, { program, request, edited: new Set(), writtenOut: false });
}

/** Writes a program into a folder, edits it there as is asked, and judges what came of it. */
export async function tryEdit(folder: string, edit: Edit): Promise<Tried> {
  const { program, request } = edit;
  writeProgram(folder, program);
  const before = await folderOf(folder, program);
  const allowed = expected(edit);
  let plan: RetargetPlan;
  try {
    plan = await planned(folder, edit);
  } catch (error) {
    const code = isFoveaError(error) ? error.details.code : String(error);
    const mistakes = allowed.refusals.includes(code) ? [] : [`refused: ${String(error)}`];
    return { outcome: code, mistakes, lines: 0 };
  }
  for (const { file, after } of plan.edits) writeFileSync(file, after);
  const after = await folderOf(folder, program).catch((error: unknown) => String(error));
  const writtenOut = plan.changes.some(({ how }) => how.startsWith("written out"));
  const outcome = plan.edits.length === 0 ? "as it was" : writtenOut ? "written out" : "edited";
  const lines = plan.edits.reduce((sum, each) => sum + changedLines(each.before, each.after), 0);
  const mistakes = allowed.done ? [] : [`done, and not refused: ${allowed.refusals.join(", ")}`];
  if (writtenOut && allowed.inPlace) mistakes.push("written out, and not changed where it is");
  if (typeof after === "string") return { outcome, lines, mistakes: [...mistakes, after] };
  const edited = new Set(plan.edits.map(({ file }) => basename(file)));
  mistakes.push(...judge(before, after, { program, request, edited, writtenOut }));
  return { outcome, lines, mistakes };
}

function planned(folder: string, { program, request }: Edit): Promise<RetargetPlan> {
  const { network, wishes, override, split } = request;
  return planRetarget({
    target: program.entry,
    cwd: folder,
    network,
    ask: () => wishes,
    override,
    split,
    note: () => {},
  });
}
