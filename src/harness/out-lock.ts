import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { diskError } from "../disk/disk-error.js";
import { makeFolder } from "../disk/make-folder.js";
import { writeBeside } from "../disk/write-beside.js";
import { FoveaError } from "../ir/error.js";
import { machineId } from "../launch/machine.js";
import { isAlive, startOf } from "../launch/process-identity.js";

/** Before what tells the locks of one folder apart. */
const PREFIX = ".fovea-lock-";

/** How long another writer is waited for, and how often it is looked for, in milliseconds. */
const PATIENCE = 3000;
const PAUSE = 50;

/** Who writes into a folder. */
const Holder = z.object({
  pid: z.int(),
  started: z.string().nullable(),
  host: z.string(),
  machine: z.string(),
});
type Holder = z.infer<typeof Holder>;

/**
 * Does something while no other process of fovea writes into a folder, which is made where it is
 * missing. A process that is gone holds nothing.
 *
 * Each that wants to write puts down a file of its own and then looks for others: of two at least
 * one sees the other, and gives way for a moment. So two never write at once.
 *
 * @throws FoveaError FOV0053 where another process goes on writing, FOV0051 where the disk refuses
 */
export function whileLocked<T>(folder: string, action: () => T): T {
  const own = lock(folder);
  try {
    return action();
  } finally {
    rmSync(own, { force: true });
  }
}

/** Removes what processes that are gone have left of their locks; for the rest, nothing is done. */
export function removeDeadLocks(folder: string): void {
  try {
    living(folder, "");
  } catch {
    // The folder is not there or is not ours to write: a lock of the dead holds nobody up.
  }
}

function lock(folder: string): string {
  const deadline = Date.now() + PATIENCE;
  const own = join(folder, `${PREFIX}${randomUUID()}`);
  try {
    makeFolder(folder);
    for (;;) {
      const rival = living(folder, own) ?? putDown(folder, own);
      if (rival === undefined) return own;
      if (Date.now() > deadline) throw taken(folder, rival);
      pause(PAUSE * (1 + Math.random()));
    }
  } catch (error) {
    rmSync(own, { force: true });
    throw diskError(error, folder);
  }
}

/** @returns the rival that put down a file meanwhile; then this one is taken up again */
function putDown(folder: string, own: string): Rival | undefined {
  const { pid } = process;
  const holder: Holder = { pid, started: startOf(pid), host: hostname(), machine: machineId() };
  renameSync(writeBeside(own, `${JSON.stringify(holder)}\n`, false), own);
  const rival = living(folder, own);
  if (rival !== undefined) rmSync(own, { force: true });
  return rival;
}

interface Rival extends Holder {
  readonly file: string;
}

/** Another process that holds the folder, if one does. Files of processes that are gone are removed. */
function living(folder: string, own: string): Rival | undefined {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (!name.startsWith(PREFIX) || file === own) continue;
    const holder = readHolder(file);
    if (holder !== undefined && isThere(holder)) return { ...holder, file };
    // One that is being written has a name of its own, and is no process's that is gone.
    if (holder !== undefined || !name.endsWith(".tmp")) rmSync(file, { force: true });
  }
  return undefined;
}

function readHolder(file: string): Holder | undefined {
  try {
    return Holder.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

/** Of another machine's process nothing can be known from here. */
function isThere({ machine, ...process }: Holder): boolean {
  return machine !== machineId() || isAlive(process);
}

function taken(folder: string, { pid, host, machine, file }: Rival): FoveaError {
  const where = machine === machineId() ? "" : ` on ${host}`;
  const stop = where === "" ? `or stop it: kill ${pid}` : `or, if it is no more, remove ${file}`;
  return new FoveaError({
    code: "FOV0053",
    message: `process ${pid}${where} is writing into ${folder}; nothing is written`,
    value: folder,
    fix: `wait for it, ${stop}`,
  });
}

/** Blocks this process: nothing else is to happen between looking and writing. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
