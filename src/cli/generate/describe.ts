import { relative } from "node:path";
import type { PackageState } from "../../emit/write-package.js";

/** The document of `fovea generate --json`. */
export function packagesDocument(packages: readonly PackageState[]): object {
  return {
    networks: packages.map(({ name, dir, files }) => ({
      name,
      dir,
      files: files.map(({ path, sha256, status }) => ({ path, sha256, status })),
    })),
  };
}

/** Whether the disk differs from what is emitted. */
export function isDrifted({ files }: PackageState): boolean {
  return files.some(({ status }) => status !== "unchanged");
}

/** One line a package, and one for each file that differs. */
export function describePackage(state: PackageState, check: boolean): string {
  const differing = state.files.filter(({ status }) => status !== "unchanged");
  const place = relative(process.cwd(), state.dir) || ".";
  const count = `${state.files.length} files`;
  if (differing.length === 0) return `${place}: ${count}, all as emitted`;
  const verb = check ? "differ from what is emitted" : "put right";
  const lines = differing.map(({ path, status }) => `  ${status.padEnd(9)} ${path}`);
  return [`${place}: ${count}, ${differing.length} ${verb}`, ...lines].join("\n");
}
