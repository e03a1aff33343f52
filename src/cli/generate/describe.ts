import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { INDEX } from "../../emit/inspect-index.js";
import type { PackageState } from "../../emit/write-package.js";
import { isAsWanted, type Standing } from "../../harness/put-packages.js";

/** The document of `fovea generate --json`. */
export function packagesDocument({ packages, index }: Standing): object {
  return {
    networks: packages.map(({ name, dir, files }) => ({
      name,
      dir,
      files: files.map(({ path, sha256, status }) => ({ path, sha256, status })),
    })),
    index: index && {
      path: index.file.path,
      sha256: index.file.sha256,
      status: index.file.status,
    },
  };
}

/** One line a package, one for each file that differs, and one for the index where it does. */
export function describeStanding(standing: Standing, out: string, check: boolean): string {
  const { packages, index } = standing;
  const lines = packages.map((state) => describePackage(state, check));
  return [...lines, ...describeIndex(index, out)].join("\n");
}

/** A line for the typed index where it is not as it is wanted, or cannot be. */
export function describeIndex(index: Standing["index"], out: string): string[] {
  const file = join(out, INDEX);
  if (index === null) {
    return existsSync(file)
      ? [`${place(file)}: not of fovea's making, so layers are not typed`]
      : [];
  }
  return isAsWanted([index.file]) ? [] : [`${place(file)}: ${index.file.status}`];
}

/** What a generation changed, and how many packages it left as they were. */
export function describeChanges({ packages, index }: Standing, out: string): string {
  const changed = packages.filter(({ files }) => !isAsWanted(files));
  const same = packages.length - changed.length;
  const count = `${same} ${same === 1 ? "package" : "packages"}`;
  const text = describeStanding({ packages: changed, index }, out, false);
  return [text, same > 0 ? `${count} as emitted` : ""].filter((line) => line !== "").join("\n");
}

function describePackage(state: PackageState, check: boolean): string {
  const differing = state.files.filter(({ status }) => status !== "unchanged");
  const count = `${state.files.length} files`;
  if (differing.length === 0) return `${place(state.dir)}: ${count}, all as emitted`;
  const verb = check ? "differ from what is emitted" : "put right";
  const lines = differing.map(({ path, status }) => `  ${status.padEnd(9)} ${path}`);
  return [`${place(state.dir)}: ${count}, ${differing.length} ${verb}`, ...lines].join("\n");
}

function place(path: string): string {
  return relative(process.cwd(), path) || ".";
}
