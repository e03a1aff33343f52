import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { isAlive, startOf } from "../../src/launch/process-identity.js";

test("this process lives; another one that had its pid does not", () => {
  const { pid } = process;
  const started = startOf(pid);
  expect(started).toMatch(/^\d+$/);
  expect(isAlive({ pid, started })).toBe(true);
  expect(isAlive({ pid, started: `${Number(started) - 1}` })).toBe(false);
  expect(isAlive({ pid: null, started: null })).toBe(false);
});

test("a process that was killed does not live, not even as a zombie", async () => {
  // The shell does not wait for its child, which stays a zombie.
  const shell = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"]);
  const [line] = (await once(shell.stdout, "data")) as [Buffer];
  const pid = Number(line.toString());
  const started = startOf(pid);
  expect(isAlive({ pid, started })).toBe(true);
  process.kill(pid, "SIGKILL");
  await sleep(200);
  expect(isAlive({ pid, started })).toBe(false);
  shell.kill("SIGKILL");
});
