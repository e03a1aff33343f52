import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { startOf } from "../../src/launch/process-identity.js";
import { BeatWatch, SILENCE_MS } from "../../src/runs/beat.js";
import { type Claim, isClaim } from "../../src/runs/claim.js";
import { claimRun } from "../../src/runs/claim-run.js";
import { temporaryFolder } from "../support/temporary.js";

afterEach(() => vi.restoreAllMocks());

function taken(found: ReturnType<typeof claimRun>): Claim {
  if (!isClaim(found)) throw new Error(`it is ${JSON.stringify(found)}'s`);
  return found;
}

/** A run's directory in a home of its own. */
function runFolder(): string {
  const folder = join(temporaryFolder(), "runs", "a-1");
  mkdirSync(folder, { recursive: true });
  return folder;
}

const foreign = JSON.stringify({
  pid: 1,
  started: "1",
  host: "other",
  machine: "another one",
  beat: "b",
});

test("one at a time, until it is released", () => {
  const folder = runFolder();
  const claim = taken(claimRun(folder));
  expect(claim.isHeld()).toBe(true);
  expect(claimRun(folder)).toMatchObject({ pid: process.pid });
  claim.release();
  expect(claim.isHeld()).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
  expect(isClaim(claimRun(folder))).toBe(true);
});

test.each([
  ["of a dead process", JSON.stringify({ pid: process.pid, started: "1" })],
  ["that is rubbish", "{"],
  ["that is empty", ""],
])("a claim %s counts for nothing", (_, content) => {
  const folder = runFolder();
  writeFileSync(join(folder, "owner.lock"), content);
  const claim = taken(claimRun(folder));
  expect(isClaim(claimRun(folder))).toBe(false);
  claim.release();
  expect(readdirSync(folder)).toEqual([]);
});

test("fovea 0.1's claim of a live process counts", () => {
  const folder = runFolder();
  const own = { pid: process.pid, started: startOf(process.pid) };
  writeFileSync(join(folder, "owner.lock"), JSON.stringify(own));
  expect(claimRun(folder)).toMatchObject(own);
});

test("another machine's counts for as long as it is seen to beat, whatever the clocks say", () => {
  const folder = runFolder();
  writeFileSync(join(folder, "owner.lock.x"), foreign);
  const beat = join(folder, "..", "..", "beats", "b");
  mkdirSync(join(beat, ".."));
  writeFileSync(beat, "1");
  const watch = new BeatWatch();
  const clock = vi.spyOn(performance, "now").mockReturnValue(0);
  expect(claimRun(folder, watch)).toMatchObject({ host: "other" });
  clock.mockReturnValue(SILENCE_MS - 1);
  vi.spyOn(Date, "now").mockReturnValue(0);
  expect(isClaim(claimRun(folder, watch))).toBe(false);
  writeFileSync(beat, "2");
  clock.mockReturnValue(2 * SILENCE_MS - 2);
  expect(isClaim(claimRun(folder, watch))).toBe(false);
  clock.mockReturnValue(3 * SILENCE_MS);
  expect(taken(claimRun(folder, watch)).before).toMatchObject([{ host: "other" }]);
});

test("of two that want it at once neither takes it from under the other", () => {
  const folder = runFolder();
  // A rival that put down its file after the first look: the one that looks again gives way.
  const claims = [claimRun(folder), claimRun(folder)].filter(isClaim);
  expect(claims).toHaveLength(1);
  const [file = ""] = readdirSync(folder);
  expect(JSON.parse(readFileSync(join(folder, file), "utf8"))).toMatchObject({ pid: process.pid });
});

test("who lost it knows", () => {
  const folder = runFolder();
  const claim = taken(claimRun(folder));
  writeFileSync(join(folder, "owner.lock.y"), "{");
  const [own = ""] = readdirSync(folder).filter((name) => name !== "owner.lock.y");
  writeFileSync(join(folder, own), "");
  expect(claim.isHeld()).toBe(false);
});
