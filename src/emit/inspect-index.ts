import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { diskError } from "../disk/disk-error.js";
import { Network, sha256 } from "../ir/index.js";
import type { FileState } from "./inspect-package.js";
import { type IndexedPackage, indexOwner, typedIndex } from "./typed-index.js";
import { unifiedDiff } from "./unified-diff.js";

export const INDEX = "index.ts";

/** What the index needs of a package's manifest, whichever fovea wrote it. */
const Declared = z.object({ v: z.literal(1), network: Network });

/** The typed index of a folder of packages, and how the folder stands against it. */
export interface IndexState {
  readonly file: FileState;
  /** What is to stand there; `null` where there is no package any more. */
  readonly text: string | null;
}

/**
 * Compares the `index.ts` of a folder with the packages in it, and reads only.
 *
 * @param out - the folder, which need not exist
 * @param emitted - packages that are to stand there, whatever does now
 * @returns `null` where there is nothing to index, or the file there is none of fovea's
 */
export function inspectIndex(out: string, emitted: readonly IndexedPackage[]): IndexState | null {
  const packages = [...emitted, ...otherPackages(out, emitted)];
  const text = packages.length === 0 ? null : typedIndex(packages);
  const found = readIndex(join(out, INDEX));
  if (found === undefined) {
    if (text === null) return null;
    return { text, file: { path: INDEX, sha256: sha256(text), status: "missing" } };
  }
  const owner = found === null ? "other" : indexOwner(found);
  if (found === null || owner === "other") return null;
  const file = { path: INDEX, sha256: sha256(text ?? found) };
  if (text === found) return { text, file: { ...file, status: "unchanged" } };
  const edit = owner === "edited" && { edit: unifiedDiff(text ?? "", found, INDEX) };
  return { text, file: { ...file, status: text === null ? "extra" : "changed", ...edit } };
}

/** `undefined` where there is nothing, `null` for what is no ordinary file. */
function readIndex(file: string): string | null | undefined {
  try {
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    return stats.isFile() ? readFileSync(file, "utf8") : null;
  } catch (error) {
    throw diskError(error, file);
  }
}

function otherPackages(out: string, emitted: readonly IndexedPackage[]): IndexedPackage[] {
  const known = new Set(emitted.map(({ folder }) => folder));
  return foldersIn(out).flatMap((folder) => {
    if (known.has(folder)) return [];
    const network = networkIn(join(out, folder, "manifest.json"));
    return network === undefined ? [] : [{ folder, network }];
  });
}

function foldersIn(out: string): string[] {
  if (!existsSync(out)) return [];
  try {
    return readdirSync(out).filter((name) => !name.startsWith("."));
  } catch (error) {
    throw diskError(error, out);
  }
}

/** A manifest that is none, or cannot be read, belongs to no package that could be typed. */
function networkIn(manifest: string): Network | undefined {
  if (!existsSync(manifest)) return undefined;
  try {
    return Declared.parse(JSON.parse(readFileSync(manifest, "utf8"))).network;
  } catch {
    return undefined;
  }
}
