import { join } from "node:path";
import { FoveaError } from "../ir/error.js";
import { contentHash, sha256 } from "../ir/hash.js";
import { Manifest } from "../ir/manifest.js";
import type { RunRecord } from "../ir/run.js";
import { type ReadFile, readPackageFiles } from "./read-package-files.js";

/** A run's package as it lies there. */
export interface RecordedPackage {
  /** With the manifest as the last. */
  readonly files: readonly ReadFile[];
  /** What is not as fovea wrote it, one file a line; none where it is intact. */
  readonly problems: readonly string[];
}

const MANIFEST = "manifest.json";

/**
 * Reads a run's package byte for byte, with what was edited since it was written or is missing. What
 * the manifest does not list counts as added.
 *
 * @throws FoveaError FOV0141 where there is no package any more
 */
export function readRecordedPackage(folder: string, record: RunRecord): RecordedPackage {
  const found = new Map(readPackageFiles(folder).map((file) => [file.path, file]));
  const manifest = found.get(MANIFEST);
  if (manifest === undefined) {
    throw new FoveaError({
      code: "FOV0141",
      message: `the package of ${record.run} is gone: there is no ${join(folder, MANIFEST)}`,
      value: record.run,
      fix: "restore the run's folder, or replay with --package new, which emits it anew from the record",
    });
  }
  found.delete(MANIFEST);
  return {
    files: [...found.values(), manifest],
    problems: problemsOf(parse(manifest.text), found, record),
  };
}

function problemsOf(
  manifest: Manifest | null,
  found: ReadonlyMap<string, ReadFile>,
  record: RunRecord,
): readonly string[] {
  if (manifest === null) return [`${MANIFEST} is none that fovea wrote`];
  const network = contentHash(record.experiment.network);
  const isOther = manifest.hash !== network || contentHash(manifest.network) !== network;
  const listed = new Set(manifest.files.map(({ path }) => path));
  return [
    ...(isOther ? [`${MANIFEST} is of another network than run.json`] : []),
    ...manifest.files.flatMap(({ path, sha256: hash }) => {
      const file = found.get(path);
      if (file === undefined) return [`${path} is missing`];
      return sha256(file.text) === hash ? [] : [`${path} was edited`];
    }),
    ...[...found.keys()].filter((path) => !listed.has(path)).map((path) => `${path} was added`),
  ];
}

function parse(text: Buffer): Manifest | null {
  try {
    return Manifest.safeParse(JSON.parse(Buffer.from(text).toString("utf8"))).data ?? null;
  } catch {
    return null;
  }
}
