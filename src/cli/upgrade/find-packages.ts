import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { diskError } from "../../disk/disk-error.js";
import { FoveaError } from "../../ir/error.js";
import { type RecordedPackage, readRecordedPackage } from "./recorded-package.js";

/** The packages below a folder. */
export interface FoundPackages {
  /** The folder that they stand in, absolute. */
  readonly out: string;
  /** Sorted by their folders' names. */
  readonly packages: readonly RecordedPackage[];
}

/**
 * Finds the packages in a folder, or the one that the folder is.
 *
 * @throws FoveaError FOV0056 where there is none, and those of {@link readRecordedPackage}
 */
export function findPackages(folder: string): FoundPackages {
  const out = resolve(folder);
  if (!existsSync(out) || !statSync(out).isDirectory()) throw none(folder, "is no folder");
  const itself = readRecordedPackage(out);
  if (itself !== null) return { out: dirname(out), packages: [itself] };
  const packages = foldersIn(out).flatMap((dir) => readRecordedPackage(dir) ?? []);
  if (packages.length === 0) throw none(folder, "holds no generated package");
  return { out, packages };
}

function foldersIn(out: string): string[] {
  try {
    const names = readdirSync(out).filter((name) => !name.startsWith("."));
    return names.sort().map((name) => join(out, name));
  } catch (error) {
    throw diskError(error, out);
  }
}

function none(folder: string, what: string): FoveaError {
  return new FoveaError({
    code: "FOV0056",
    message: `${folder} ${what}`,
    value: folder,
    fix: "write fovea upgrade DIR, with the folder that was --out of fovea generate",
  });
}
