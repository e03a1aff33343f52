import { lstatSync, readFileSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { diskError } from "../disk/disk-error.js";
import { FoveaError, sha256 } from "../ir/index.js";
import type { EmittedFile } from "./emitted-file.js";
import { unifiedDiff } from "./unified-diff.js";

const MANIFEST = "manifest.json";

/** How the disk stands against what is emitted (contract, line 17). */
type FileStatus = "unchanged" | "changed" | "missing" | "extra";

export interface FileState {
  /** Relative to the package's folder, with `/`. */
  readonly path: string;
  /** Of what is emitted; of what lies there where the file is emitted no more. */
  readonly sha256: string;
  readonly status: FileStatus;
  /** Why it must not be replaced unasked: what someone else wrote there. */
  readonly edit?: string;
}

/** What of an older manifest is needed, whatever its version. */
const Listing = z.object({
  files: z.array(z.object({ path: z.string(), sha256: z.string() })),
});

/** Names of emitted files: no `..`, no root, no separator of another system. */
const OWN_PATH = /^(?:[A-Za-z0-9_]+\/)*[A-Za-z0-9_]+\.[a-z]+$/;

/**
 * Compares a package's folder with the files that are emitted, and reads only.
 *
 * @param folder the package's folder, which need not exist
 * @returns every emitted file and every one that fovea once wrote there, sorted by path
 * @throws FoveaError where something lies in the way that is no file or no folder
 */
export function inspectPackage(folder: string, files: readonly EmittedFile[]): FileState[] {
  const top = lookAt(folder, true);
  if (top !== undefined && !top.isDirectory()) throw inTheWay(folder, "a folder");
  const old = top === undefined ? NOTHING : readListing(folder);
  const states = files.map((file) => inspectFile(folder, file, old));
  const emitted = new Set(files.map(({ path }) => path));
  for (const [path, hash] of old.hashes) {
    if (emitted.has(path) || path === MANIFEST) continue;
    const text = read(folder, path);
    if (text === undefined) continue;
    const edited = sha256(text) !== hash;
    states.push({
      path,
      sha256: sha256(text),
      status: "extra",
      ...(edited && { edit: `${path} was edited, and is emitted no more` }),
    });
  }
  return states.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether a folder has each of these files, with these contents; others may be there too. */
export function holdsExactly(
  folder: string,
  files: readonly Pick<FileState, "path" | "sha256">[],
): boolean {
  return files.every(({ path, sha256: hash }) => {
    const found = read(folder, path);
    return found !== undefined && sha256(found) === hash;
  });
}

interface OldListing {
  readonly hashes: ReadonlyMap<string, string>;
  /** What is wrong with the manifest that lies there. */
  readonly fault?: string;
}

const NOTHING: OldListing = { hashes: new Map() };

function readListing(folder: string): OldListing {
  const text = read(folder, MANIFEST);
  if (text === undefined) return NOTHING;
  const parsed = Listing.safeParse(parseJson(text));
  if (!parsed.success) return { ...NOTHING, fault: `${MANIFEST} is none that fovea wrote` };
  const { files } = parsed.data;
  const foreign = files.find(({ path }) => !OWN_PATH.test(path));
  if (foreign !== undefined) {
    const fault = `${MANIFEST} lists ${JSON.stringify(foreign.path)}, which fovea never writes`;
    return { ...NOTHING, fault };
  }
  return { hashes: new Map(files.map((file) => [file.path, file.sha256])) };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

function inspectFile(folder: string, { path, text }: EmittedFile, old: OldListing): FileState {
  const state = { path, sha256: sha256(text) };
  const found = read(folder, path);
  if (found === undefined) return { ...state, status: "missing" };
  const hash = sha256(found);
  if (hash === state.sha256) return { ...state, status: "unchanged" };
  const own = path === MANIFEST ? old.fault === undefined : old.hashes.get(path) === hash;
  if (own) return { ...state, status: "changed" };
  const edit =
    path === MANIFEST && old.fault !== undefined
      ? old.fault
      : unifiedDiff(text, found.toString("utf8"), path);
  return { ...state, status: "changed", edit };
}

/** A file's bytes, or undefined where there is none. No symbolic link below the folder is followed. */
function read(folder: string, path: string): Buffer | undefined {
  const parts = path.split("/");
  for (let depth = 1; depth < parts.length; depth += 1) {
    const parent = join(folder, ...parts.slice(0, depth));
    const stats = lookAt(parent);
    if (stats === undefined) return undefined;
    if (!stats.isDirectory()) throw inTheWay(parent, "a folder");
  }
  const file = join(folder, path);
  const stats = lookAt(file);
  if (stats === undefined) return undefined;
  if (!stats.isFile()) throw inTheWay(file, "a file");
  try {
    return readFileSync(file);
  } catch (error) {
    throw diskError(error, file);
  }
}

function lookAt(path: string, follow = false): Stats | undefined {
  try {
    return (follow ? statSync : lstatSync)(path, { throwIfNoEntry: false });
  } catch (error) {
    throw diskError(error, path);
  }
}

function inTheWay(path: string, wanted: string): FoveaError {
  return new FoveaError({
    code: "FOV0051",
    message: `${path} is not ${wanted}, and the package needs one there`,
    value: path,
    fix: "move it away, or name another folder with --out",
  });
}
