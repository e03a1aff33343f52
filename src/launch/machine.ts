import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

let known: string | undefined;

/**
 * What a pid means something in: this boot of this kernel and this namespace of pids, so that
 * neither a machine of the same name nor a container beside this one is taken for it. Where the
 * system tells no such thing it is the host's name.
 */
export function machineId(): string {
  known ??= readMachine();
  return known;
}

function readMachine(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}
