import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { type ProcessIdentity, startOf } from "./process-identity.js";

const MODULE = "fovea_runtime.train";

/**
 * All processes on this machine that train a run: found by their command lines, since torchrun
 * starts each in a session of its own, and nothing ties them to it once it is gone.
 */
export function processesOf(directory: string): readonly ProcessIdentity[] {
  const pids = process.platform === "linux" ? fromProc(directory) : fromPs(directory);
  return pids.filter((pid) => pid !== process.pid).map((pid) => ({ pid, started: startOf(pid) }));
}

function fromProc(directory: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => trains(commandLine(name), directory))
    .map(Number);
}

function commandLine(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    // It ended meanwhile.
    return [];
  }
}

function trains(words: readonly string[], directory: string): boolean {
  const at = words.indexOf(MODULE);
  return at >= 0 && words[words.indexOf("--run", at) + 1] === directory;
}

/** `ps` gives no borders between words. */
function fromPs(directory: string): readonly number[] {
  const sought = `${MODULE} --run ${directory} `;
  return execFileSync("ps", ["-axww", "-o", "pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => `${line} `.includes(sought))
    .map((line) => Number.parseInt(line, 10));
}
