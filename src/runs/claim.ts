import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { writeBeside } from "../disk/write-beside.js";
import { machineId } from "../launch/machine.js";
import { isAlive, startOf } from "../launch/process-identity.js";
import { type Beating, type BeatWatch, beatFile, keepBeating, SILENCE_MS } from "./beat.js";
import { homeError } from "./home-error.js";

/** Who has something, and where it can be looked for. */
export interface Owner {
  readonly pid: number | null;
  readonly started: string | null;
  readonly host: string | null;
  readonly machine: string | null;
  /** Its sign of life, by {@link beatFile}. */
  readonly beat: string | null;
  /** What the owner says of itself. */
  readonly about: string | null;
}

/** What a path stands for is this process's, until it is released. */
export interface Claim {
  /** Those that had it before and are gone without a word. */
  readonly before: readonly Owner[];
  /** Whether it still is: a machine that was asleep for too long has lost it. */
  isHeld(): boolean;
  release(): void;
}

/**
 * Takes what a path stands for, so that of all processes on all machines that reach it one has it.
 * An owner that is gone counts for nothing: on this machine its process is looked for; another
 * machine's has to beat, and is gone when `watch` saw it silent for {@link SILENCE_MS}.
 *
 * Each that wants it puts down a file of its own and then looks for others: of two at least one
 * sees the other, and gives way. So two never have it, though both may give way at once.
 *
 * @param home - where the owners' signs of life are
 * @param path - files called so, and so with an ending, are of the claim; its folder must be there
 * @param about - kept with it for who finds it
 * @returns the claim, or the owner that has it
 * @throws FoveaError FOV0051 where the folder cannot be written
 */
export function claim(
  home: string,
  path: string,
  watch: BeatWatch,
  about: string | null = null,
): Claim | Owner {
  const beating = keepBeating(home);
  const own = `${path}.${randomUUID()}`;
  try {
    const judged = others(path).map((file) => ({ file, ...judge(home, file, watch) }));
    const living = judged.find(({ gone }) => !gone);
    if (living !== undefined) {
      beating.stop();
      return living.owner;
    }
    putDown(own, { beat: beating.id, about });
    const known = new Set([own, ...judged.map(({ file }) => file)]);
    const rival = others(path).find((file) => !known.has(file));
    if (rival !== undefined) {
      rmSync(own, { force: true });
      beating.stop();
      return judge(home, rival, watch).owner;
    }
    for (const { file } of judged) rmSync(file, { force: true });
    return held(
      own,
      beating,
      judged.map(({ owner }) => owner),
    );
  } catch (error) {
    rmSync(own, { force: true });
    throw homeError(error, path);
  }
}

export function isClaim(found: Claim | Owner): found is Claim {
  return "release" in found;
}

/** Who has what a path stands for; `null` where nobody alive does. */
export function ownerOf(home: string, path: string, watch: BeatWatch): Owner | null {
  const living = others(path)
    .map((file) => judge(home, file, watch))
    .find(({ gone }) => !gone);
  return living?.owner ?? null;
}

/** The files of a claim; there may be several while it changes hands. */
export function others(path: string): readonly string[] {
  const name = basename(path);
  try {
    return readdirSync(dirname(path))
      .filter((file) => file === name || (file.startsWith(`${name}.`) && !file.endsWith(".tmp")))
      .map((file) => join(dirname(path), file));
  } catch {
    return [];
  }
}

function putDown(own: string, { beat, about }: Pick<Owner, "beat" | "about">): void {
  const { pid } = process;
  const owner: Owner = {
    pid,
    started: startOf(pid),
    host: hostname(),
    machine: machineId(),
    beat,
    about,
  };
  renameSync(writeBeside(own, `${JSON.stringify(owner)}\n`, false), own);
}

/** An owner of whom nothing is known. */
export const NOBODY: Owner = {
  pid: null,
  started: null,
  host: null,
  machine: null,
  beat: null,
  about: null,
};

function judge(
  home: string,
  file: string,
  watch: BeatWatch,
): { readonly gone: boolean; readonly owner: Owner } {
  const owner = readOwner(file);
  if (owner === null) return { gone: true, owner: NOBODY };
  if (isHere(owner)) return { gone: !isAlive(owner), owner };
  return { gone: watch.silence(beatFile(home, owner.beat ?? "none")) >= SILENCE_MS, owner };
}

/** Whether an owner's process is of this machine; fovea 0.1 wrote no machine, and knew one. */
export function isHere({ machine }: Owner): boolean {
  return machine === null || machine === machineId();
}

/** It was written elsewhere and given its name: what is no record was never one, or the disk lost it. */
export function readOwner(file: string): Owner | null {
  try {
    const found: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof found === "object" && found !== null ? { ...NOBODY, ...found } : null;
  } catch {
    return null;
  }
}

function held(path: string, beating: Beating, before: readonly Owner[]): Claim {
  let released = false;
  return {
    before,
    isHeld: () => !released && readOwner(path) !== null,
    release: () => {
      if (released) return;
      released = true;
      rmSync(path, { force: true });
      beating.stop();
    },
  };
}
