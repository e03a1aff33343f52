import { expect, test } from "vitest";
import { matchPoints } from "../../../src/report/sweep/match-points.js";
import { type RunRow, readRow } from "../../../src/runs/run-row.js";
import { ended, start, writeRun } from "../../support/runs.js";
import { sweepOver } from "../../support/sweeps.js";
import { temporaryFolder } from "../../support/temporary.js";

const sweep = sweepOver([23], [0.001, 0.002], [0]);

function row(counter: number, status: "completed" | "failed", started: number): RunRow {
  const { id, directory } = writeRun(temporaryFolder(), {
    experiment: sweep.points[0]?.experiment as NonNullable<(typeof sweep.points)[0]>["experiment"],
    status,
    counter,
    events: [start(), ended(status)],
  });
  return { ...(readRow(id, directory) as RunRow), started };
}

test("the newest completed run of a hash stands for its point, else the newest", () => {
  const [old, young, failed] = [
    row(1, "completed", 1),
    row(2, "completed", 2),
    row(3, "failed", 3),
  ];
  const found = (...rows: RunRow[]) => matchPoints(sweep, rows).map((each) => each.row);
  expect(found(young, failed, old)).toEqual([young, null]);
  expect(found(failed)).toEqual([failed, null]);
  expect(found(old, young)).toEqual([young, null]);
  expect(found()).toEqual([null, null]);
  // A replay may have trained an edited package.
  const replay = { ...row(4, "completed", 4), replayOf: old?.run ?? "" };
  expect(found(old as RunRow, replay)).toEqual([old, null]);
});
