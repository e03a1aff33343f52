import type { Replay } from "../../harness/replay-run.js";
import { printable } from "../../ir/printable.js";
import { differenceTable } from "../../report/difference-table.js";
import { apart, seriesLine } from "../../report/series-line.js";

/** The JSON document of `fovea replay`; A is the record, B the replay. */
export function replayDocument({ row, equal, reached, ...found }: Replay): object {
  return {
    run: found.run,
    replay: row?.run ?? null,
    dir: row?.dir ?? null,
    status: row?.status ?? "cancelled",
    reason: row?.reason ?? null,
    equal,
    reached,
    steps: found.steps,
    losses: found.losses,
    gradNorms: found.gradNorms,
    evals: found.evals,
    differences: found.differences,
    package: found.package,
    damaged: found.damaged,
  };
}

/** What a replay came to, for people: the verdict, the figures, then what is not as it was. */
export function replayText(found: Replay): string {
  const { row, losses, gradNorms, evals, differences, damaged } = found;
  if (row === null) return "nothing was replayed";
  return [
    verdict(found),
    seriesLine("losses", losses),
    seriesLine("metrics", evals),
    seriesLine("gradient norms", gradNorms),
    ...(damaged === 0 ? [] : [`${damaged} damaged lines of the record's events are not compared`]),
    ...packageLines(found),
    "",
    ...(differences.length === 0
      ? [
          `nothing ${packageLines(found).length > 0 ? "else " : ""}that is recorded of code, data, machine and launch differs`,
        ]
      : [
          "what differs, A the record, B the replay:",
          differenceTable(differences, "not recorded"),
        ]),
  ].join("\n");
}

function verdict({ run, row, equal, reached, steps, losses, evals }: Replay): string {
  const id = row?.run ?? "";
  const all = `${steps} ${steps === 1 ? "step" : "steps"}`;
  if (equal) return `bit-equal: ${id} repeats ${run} over ${all}`;
  if (!reached) {
    return `not replayed: ${id} is ${row?.status} before step ${steps}: ${printable(row?.reason ?? "no reason is known")}`;
  }
  if (losses.first !== null) {
    return `not bit-equal: the losses differ first at step ${losses.first.step}, ${apart(losses.first)}`;
  }
  if (evals.first !== null) {
    const { step, split, metric } = evals.first;
    return `not bit-equal: ${metric} on ${split} differs first at step ${step}, ${apart(evals.first)}`;
  }
  return `not the same: ${losses.missing.b + evals.missing.b} values of ${run} are missing in ${id}`;
}

function packageLines({ package: code }: Replay): readonly string[] {
  if (code === null) return [];
  if (code.choice === "new") return ["package: emitted anew from the record, by this fovea"];
  return code.problems.map((problem) => `package: ${printable(problem)}`);
}
