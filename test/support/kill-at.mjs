// Loaded with `node --import`: kills the process before the call of this number that changes the disk.
import child from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const CALLS = [
  "chmodSync",
  "copyFileSync",
  "fsyncSync",
  "linkSync",
  "mkdirSync",
  "renameSync",
  "rmdirSync",
  "rmSync",
  "symlinkSync",
  "utimesSync",
  "writeSync",
];

const at = Number(process.env["KILL_AT"]);
let calls = 0;

function stepped(module, name) {
  const original = module[name];
  module[name] = (...args) => {
    if (name === "writeSync" && args[0] <= 2) return original(...args);
    if (calls === at) {
      process.kill(process.pid, "SIGKILL");
      for (;;);
    }
    calls += 1;
    return original(...args);
  };
}

for (const name of CALLS) stepped(fs, name);
stepped(child, "spawnSync");
syncBuiltinESMExports();
