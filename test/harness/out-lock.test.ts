import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, expect, test } from "vitest";
import { removeDeadLocks, whileLocked } from "../../src/harness/out-lock.js";
import { packageRoot } from "../../src/ir/package-root.js";
import { machineId } from "../../src/launch/machine.js";
import { startOf } from "../../src/launch/process-identity.js";
import { temporaryFolder } from "../support/temporary.js";

let folder: string;
beforeEach(() => {
  folder = join(temporaryFolder(), "out");
});

const locks = (): string[] => readdirSync(folder).filter((name) => name.startsWith(".fovea-lock-"));

function lockOf(holder: object): string {
  const file = join(folder, ".fovea-lock-other");
  const here = { started: null, host: hostname(), machine: machineId() };
  writeFileSync(file, JSON.stringify({ ...here, ...holder }));
  return file;
}

test("a folder is made and held, and let go of after a failure too", () => {
  expect(whileLocked(folder, locks)).toHaveLength(1);
  expect(locks()).toEqual([]);
  const failing = () => {
    throw new Error("mine");
  };
  expect(() => whileLocked(folder, failing)).toThrow("mine");
  expect(locks()).toEqual([]);
});

test("processes that are gone hold nothing", () => {
  whileLocked(folder, locks);
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  lockOf({ pid });
  expect(whileLocked(folder, () => "done")).toBe("done");
  lockOf({ pid: process.pid, started: `${startOf(process.pid)}0` });
  expect(whileLocked(folder, () => "done")).toBe("done");
  lockOf({ pid });
  removeDeadLocks(folder);
  expect(locks()).toEqual([]);
  expect(() => removeDeadLocks(join(folder, "not-there"))).not.toThrow();
  writeFileSync(join(folder, ".fovea-lock-torn"), '{"pid": 1');
  expect(whileLocked(folder, () => "done")).toBe("done");
  expect(locks()).toEqual([]);
});

test("a process that goes on writing is waited for, then named", async () => {
  whileLocked(folder, locks);
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  try {
    await once(child, "spawn");
    const { pid = 0 } = child;
    const file = lockOf({ pid, started: startOf(pid) });
    expect(() => whileLocked(folder, () => "never")).toThrow(
      expect.objectContaining({
        code: "FOV0053",
        message: expect.stringContaining(`process ${pid} is writing into ${folder}`),
      }),
    );
    expect(existsSync(file)).toBe(true);
    expect(locks()).toHaveLength(1);
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});

test("of another machine's process nothing is known: it is named with its machine and file", () => {
  whileLocked(folder, locks);
  const file = lockOf({ pid: 7, host: "elsewhere", machine: "another boot" });
  expect(() => whileLocked(folder, () => "never")).toThrow(
    expect.objectContaining({
      message: expect.stringContaining("process 7 on elsewhere"),
      details: expect.objectContaining({ fix: expect.stringContaining(file) }),
    }),
  );
});

test("of several processes one writes at a time", async () => {
  const counter = join(temporaryFolder(), "counter");
  writeFileSync(counter, "0");
  const module = pathToFileURL(join(packageRoot, "dist/harness/out-lock.js")).href;
  const program = `
    import { readFileSync, writeFileSync } from "node:fs";
    import { removeDeadLocks, whileLocked } from ${JSON.stringify(module)};
    const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    for (let turn = 0; turn < 8; turn += 1) {
      for (;;) {
        try {
          whileLocked(${JSON.stringify(folder)}, () => {
            const count = Number(readFileSync(${JSON.stringify(counter)}, "utf8"));
            sleep(3);
            writeFileSync(${JSON.stringify(counter)}, String(count + 1));
          });
          break;
        } catch (error) {
          if (error.code !== "FOV0053") throw error;
        }
      }
    }`;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: "inherit" }),
  );
  const ends = await Promise.all(children.map((child) => once(child, "exit")));
  expect(ends.map(([code]) => code)).toEqual([0, 0, 0, 0]);
  expect(readFileSync(counter, "utf8")).toBe("32");
  expect(locks()).toEqual([]);
}, 120_000);
