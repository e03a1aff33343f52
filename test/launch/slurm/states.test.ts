import { expect, test } from "vitest";
import { readQueue } from "../../../src/launch/slurm/queue.js";
import { endOfState, isOver, isWaiting, stateWords } from "../../../src/launch/slurm/states.js";

const of = (state: string, reason = "None") => ({ state, reason, host: "" });

test.each([
  ["PENDING", "waits"],
  ["CONFIGURING", "waits"],
  ["REQUEUED", "waits"],
  ["REQUEUE_HOLD", "waits"],
  ["SPECIAL_EXIT", "waits"],
  ["RUNNING", "lives"],
  ["COMPLETING", "lives"],
  ["SUSPENDED", "lives"],
  ["STOPPED", "lives"],
  ["SIGNALING", "lives"],
  ["SOMETHING_NEW", "lives"],
  ["COMPLETED", "failed"],
  ["FAILED", "failed"],
  ["CANCELLED", "cancelled"],
  ["OUT_OF_MEMORY", "out_of_memory"],
  ["TIMEOUT", "lost"],
  ["PREEMPTED", "lost"],
  ["NODE_FAIL", "lost"],
  ["BOOT_FAIL", "lost"],
  ["DEADLINE", "lost"],
])("%s: %s", (state, what) => {
  const found = of(state);
  expect(isWaiting(found)).toBe(what === "waits");
  expect(isOver(found)).toBe(what !== "waits" && what !== "lives");
  if (!isOver(found)) return;
  const { status, reason } = endOfState("12", found);
  expect(status).toBe(what);
  expect(reason).toContain(`Slurm: ${state}, job 12`);
});

test("a state with its reason", () => {
  expect(stateWords(of("PENDING", "Priority"))).toBe("PENDING (Priority)");
  expect(stateWords(of("RUNNING"))).toBe("RUNNING");
});

test("squeue's lines, members of arrays, and jobs that it does not know", () => {
  const ok = { ok: true, said: "", silent: false };
  const stdout = "12_0|RUNNING|node1|None\n12_1|PENDING|n/a|Reason | with a bar\n\n";
  expect([...(readQueue({ ...ok, stdout }) ?? [])]).toEqual([
    ["12_0", { state: "RUNNING", host: "node1", reason: "None" }],
    ["12_1", { state: "PENDING", host: "n/a", reason: "Reason | with a bar" }],
  ]);
  const failed = { ok: false, stdout: "", silent: false };
  expect(readQueue({ ...failed, said: "Invalid job id specified" })?.size).toBe(0);
  expect(readQueue({ ...failed, said: "Unable to contact", silent: true })).toBe(null);
});
