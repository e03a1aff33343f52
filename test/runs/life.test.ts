import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { SILENCE_MS } from "../../src/runs/beat.js";
import { cancelRun } from "../../src/runs/cancel-run.js";
import { isClaim } from "../../src/runs/claim.js";
import { claimEnded } from "../../src/runs/claim-ended.js";
import { removeRun } from "../../src/runs/remove-run.js";
import { listRuns } from "../../src/runs/run-index.js";
import { writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A run that another machine says to train. */
function elsewhere(): { home: string; id: string; directory: string } {
  const home = temporaryFolder();
  // The pid is of a process that lives here, and means nothing of the other machine.
  const run = writeRun(home, { status: "running", pid: process.pid, events: [] });
  const path = join(run.directory, "status.json");
  const status = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...status, host: `not-${hostname()}` }));
  return { home, ...run };
}

function beatAgo(path: string, ms: number): void {
  writeFileSync(path, "beat");
  const time = (Date.now() - ms) / 1000;
  utimesSync(path, time, time);
}

describe("a run on another machine", () => {
  test("is live while its training beats, and lost when it is silent", async () => {
    const { home, directory } = elsewhere();
    expect((await listRuns(home))[0]?.status).toBe("lost");
    beatAgo(join(directory, "pulse"), 0);
    expect((await listRuns(home))[0]?.status).toBe("running");
    beatAgo(join(directory, "pulse"), SILENCE_MS + 1000);
    expect((await listRuns(home))[0]?.status).toBe("lost");
    // Written before a clock was set back.
    beatAgo(join(directory, "pulse"), -3_600_000);
    expect((await listRuns(home))[0]?.status).toBe("lost");
  });

  test("is live while who records its end beats", async () => {
    const { home, directory } = elsewhere();
    const owner = { pid: 1, started: "1", host: "x", machine: "another", beat: "b" };
    writeFileSync(join(directory, "owner.lock.x"), JSON.stringify(owner));
    mkdirSync(join(home, "beats"));
    beatAgo(join(home, "beats", "b"), 0);
    expect((await listRuns(home))[0]?.status).toBe("running");
  });

  test("cannot be removed, resumed or stopped from here while it lives", async () => {
    const { home, id, directory } = elsewhere();
    beatAgo(join(directory, "pulse"), 0);
    expect(() => removeRun(home, id)).toThrow(/is running/);
    expect(await claimEnded(directory)).toMatchObject({ host: `not-${hostname()}` });
    await expect(cancelRun(home, id, () => {})).rejects.toThrow(/running on not-/);
  });

  test("is taken when it was watched for as long as it may be silent", async () => {
    const { directory } = elsewhere();
    beatAgo(join(directory, "pulse"), 2 * SILENCE_MS);
    const real = performance.now.bind(performance);
    const began = real();
    // A whole second is a minute here, and what is less no time at all: looking takes none.
    const seconds = () => Math.floor((real() - began) / 1000);
    vi.spyOn(performance, "now").mockImplementation(() => began + 60_000 * seconds());
    expect(isClaim(await claimEnded(directory))).toBe(true);
  });

  test("is left alone where it beats again while it is watched", async () => {
    const { directory } = elsewhere();
    beatAgo(join(directory, "pulse"), 2 * SILENCE_MS);
    setTimeout(() => beatAgo(join(directory, "pulse"), 2 * SILENCE_MS - 1), 300);
    expect(isClaim(await claimEnded(directory))).toBe(false);
  });
});
