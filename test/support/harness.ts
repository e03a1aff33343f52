import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished, vi } from "vitest";
import type { Event } from "../../src/ir/event.js";
import type { StatusRecord } from "../../src/ir/run.js";
import { temporaryFolder } from "./temporary.js";

const FAKE = fileURLToPath(new URL("fake-python.mjs", import.meta.url));
const FOVEA = fileURLToPath(new URL("../../bin/fovea.js", import.meta.url));

/** A home of its own, and a Python that acts out one kind of training (`fake-python.mjs`). */
export function fakePython(training: string): string {
  const home = temporaryFolder();
  const environment = {
    FOVEA_HOME: home,
    FOVEA_CACHE: join(home, "cache"),
    FOVEA_PYTHON: FAKE,
    FAKE_TRAINING: training,
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return home;
}

/** `status.json` of the only run of a home; there may be no events yet. */
export function onlyStatus(home: string): StatusRecord {
  const [id = "none"] = readdirSync(join(home, "runs"));
  return JSON.parse(readFileSync(join(home, "runs", id, "status.json"), "utf8")) as StatusRecord;
}

/** The only run of a home, as its files have it. */
export function onlyRun(home: string): {
  id: string;
  directory: string;
  status: StatusRecord;
  events: readonly Event[];
} {
  const [id = "none"] = readdirSync(join(home, "runs"));
  const directory = join(home, "runs", id);
  const read = (name: string): string => readFileSync(join(directory, name), "utf8");
  return {
    id,
    directory,
    status: JSON.parse(read("status.json")) as StatusRecord,
    events: read("events.jsonl")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Event),
  };
}

/** `fovea` in a process group of its own, as a shell starts a command in the foreground. */
export function startFovea(words: readonly string[]): {
  child: ChildProcess;
  /** Its process group. */
  group: number;
  /** What it has said so far. */
  said: () => string;
  ended: Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>;
} {
  const child = spawn(process.execPath, [FOVEA, ...words], { detached: true });
  const group = -(child.pid ?? 0);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text: Buffer) => {
    stdout += text.toString();
  });
  child.stderr.on("data", (text: Buffer) => {
    stderr += text.toString();
  });
  onTestFinished(() => {
    try {
      process.kill(group, "SIGKILL");
    } catch {}
  });
  const ended = new Promise<{
    code: number | null;
    signal: string | null;
    stdout: string;
    stderr: string;
  }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, group, said: () => stderr, ended };
}

/** Waits until something holds; what throws does not hold yet. */
export async function until<T>(look: () => T | undefined | false, seconds = 30): Promise<T> {
  const end = Date.now() + 1000 * seconds;
  for (;;) {
    try {
      const found = look();
      if (found !== undefined && found !== false) return found;
    } catch {}
    if (Date.now() > end) throw new Error(`it does not hold after ${seconds} s: ${look}`);
    await sleep(25);
  }
}
