import { relative } from "node:path";
import { isAsWanted } from "../../harness/put-packages.js";
import { foveaVersion } from "../../ir/version.js";
import { describeIndex } from "../generate/describe.js";
import type { PackageUpgrade, Upgrade } from "./upgrade-packages.js";

/** The document of `fovea upgrade --json`. */
export function upgradeDocument({ packages, standing: { index } }: Upgrade): object {
  return {
    packages: packages.map(({ name, dir, from, files }) => ({
      name,
      dir,
      from,
      to: foveaVersion(),
      files: files.map(({ path, sha256, status, change, diff }) => ({
        path,
        sha256,
        status,
        change,
        diff,
      })),
    })),
    index: index && {
      path: index.file.path,
      sha256: index.file.sha256,
      status: index.file.status,
    },
  };
}

/** A paragraph a package: what differs, and the hunks of what is not the header alone. */
export function describeUpgrade({ packages, standing }: Upgrade, out: string): string {
  const lines = packages.map(describePackage);
  return [...lines, ...describeIndex(standing.index, out)].join("\n");
}

function describePackage({ dir, from, files }: PackageUpgrade): string {
  const place = relative(process.cwd(), dir) || ".";
  if (isAsWanted(files)) return `${place}: as fovea ${foveaVersion()} emits it`;
  const differing = files.filter(({ status }) => status !== "unchanged");
  const lines = differing.map(({ path, status, change }) => {
    return `  ${(change === "header" ? "header" : status).padEnd(9)} ${path}`;
  });
  const diffs = differing.flatMap(({ diff }) => diff ?? []);
  const count = `${differing.length} of ${files.length} files`;
  const head = `${place}: emitted by fovea ${from}, ${count} differ from fovea ${foveaVersion()}'s`;
  return [head, ...lines, ...diffs].join("\n");
}
