import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Event } from "../../src/ir/event.js";
import { endRun } from "../../src/runs/end-run.js";
import { readStatus } from "../../src/runs/records.js";
import { ended, eventLines, start, step, writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

const context = { cancelled: false, since: 0, logSize: 0 };
const half = eventLines([start(), step(1)]);

function endOf(
  events: string,
  end: Parameters<typeof endRun>[1],
  options: { stderr?: string; cancelled?: boolean; since?: number; logSize?: number } = {},
) {
  const { directory } = writeRun(temporaryFolder(), { status: "running", pid: 1, events });
  if (options.stderr !== undefined) writeFileSync(join(directory, "stderr.log"), options.stderr);
  const result = endRun(directory, end, { ...context, ...options });
  const lines = readFileSync(join(directory, "events.jsonl"), "utf8").trimEnd().split("\n");
  const last = Event.parse(JSON.parse(lines.at(-1) ?? ""));
  const status = readStatus(directory);
  expect(last).toMatchObject({ type: "run_end", ...result });
  expect("value" in status && status.value).toMatchObject({ ...result, pid: null, started: null });
  return { ...result, lines, last };
}

const exit = (exitCode: number) => ({ exitCode, signal: null });
const killed = (signal: string) => ({ exitCode: null, signal });

describe("a run_end is written where Python could not", () => {
  test("its seq goes on and its time does not run back", () => {
    const far = half.replace("1700000001", "99999999999");
    const { lines, last } = endOf(far, exit(1));
    expect(lines).toHaveLength(3);
    expect(last.seq).toBe(2);
    expect(last.time).toBe(99999999999);
  });

  test("a torn last line is cut off before", () => {
    const { lines, last } = endOf(`${half}{"v":1,"se`, killed("SIGKILL"));
    expect(lines).toHaveLength(3);
    expect(last.seq).toBe(2);
  });

  test.each([
    [exit(1), "Traceback\nValueError: no\n", "failed", /^ValueError: no \(exit code 1\)$/],
    [exit(3), "", "failed", /exit code 3/],
    [exit(0), "", "failed", /without a run_end/],
    [killed("SIGKILL"), "", "lost", /SIGKILL/],
    [killed("SIGSEGV"), "", "lost", /SIGSEGV/],
    [exit(137), "", "lost", /SIGKILL/],
    [exit(139), "Segmentation fault\n", "lost", /SIGSEGV/],
    [killed("SIGINT"), "KeyboardInterrupt\n", "cancelled", /cancelled/],
    [exit(1), "x\ntorch.OutOfMemoryError: CUDA out of memory.\n", "out_of_memory", /CUDA/],
    [exit(1), "MemoryError\n", "out_of_memory", /MemoryError/],
  ] as const)("%j with %j", (end, stderr, status, reason) => {
    const result = endOf(half, end, { stderr });
    expect(result.status).toBe(status);
    expect(result.reason).toMatch(reason);
  });

  test("a run that was asked to stop is cancelled, however its process ended", () => {
    expect(endOf(half, killed("SIGKILL"), { cancelled: true }).status).toBe("cancelled");
    expect(endOf(half, exit(1), { cancelled: true }).status).toBe("cancelled");
  });

  test("an end that is known is taken as it is", () => {
    const result = endOf("", { status: "failed", reason: "the kernels are wrong" });
    expect(result.reason).toBe("the kernels are wrong");
    expect(result.last.seq).toBe(0);
  });
});

describe("what Python wrote", () => {
  test("is kept, even where the process then died", () => {
    const events = eventLines([start(), step(1), ended()]);
    const result = endOf(events, killed("SIGSEGV"));
    expect(result).toMatchObject({ status: "completed", reason: null });
    expect(result.lines).toHaveLength(3);
  });

  test("before the run went on does not count", () => {
    const earlier = eventLines([start(), step(1), ended("failed")]);
    const stderr = "OldError: of the first part\n";
    const result = endOf(earlier, exit(5), {
      stderr,
      since: earlier.length,
      logSize: stderr.length,
    });
    expect(result.lines).toHaveLength(4);
    expect(result.reason).toBe("Python ended with exit code 5");
  });
});
