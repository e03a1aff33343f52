import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { pythonEnvironment } from "../src/launch/environment.js";
import { findPython } from "../src/launch/python.js";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Runs the checkout's Python at its root, and ends this process with its exit code where that is not 0. */
export function runPython(words: readonly string[]): void {
  run(findPython(ROOT).command, words);
}

export function run(command: string, words: readonly string[]): void {
  const { status, error } = spawnSync(command, words, {
    cwd: ROOT,
    env: pythonEnvironment(process.env),
    stdio: "inherit",
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
