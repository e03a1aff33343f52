import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { diskError } from "../../disk/disk-error.js";
import type { NetworkOrigin } from "../../emit/network.js";
import { contentHash, FoveaError, Manifest, type Network } from "../../ir/index.js";
import { foveaVersion } from "../../ir/version.js";
import { TunedEntry, type TunedTable } from "../../plan/triton/tuned.js";
import { recordedOrigin } from "./recorded-origin.js";

/** A package as its own manifest tells how to emit it again. */
export interface RecordedPackage {
  readonly dir: string;
  /** Version of the fovea that emitted it. */
  readonly fovea: string;
  readonly network: Network;
  readonly origin: NetworkOrigin;
  readonly tuned: TunedTable;
  /** Whether the manifest's declaration is another than the one that was emitted. */
  readonly isEdited: boolean;
}

/** What tells a manifest of fovea's, of any version, from other files of that name. */
const AnyManifest = z.looseObject({ v: z.number(), fovea: z.string(), files: z.unknown() });
const VERSION = 1;

/**
 * Reads what a package was emitted from.
 *
 * @returns `null` for a folder that is no package of fovea's
 * @throws FoveaError FOV0054 where a newer fovea emitted it, FOV0055 where what it was emitted from
 *   cannot be read, FOV0056 where it is a run's
 */
export function readRecordedPackage(dir: string): RecordedPackage | null {
  const any = AnyManifest.safeParse(readJson(join(dir, "manifest.json")));
  if (!any.success) return null;
  const { v, fovea } = any.data;
  if (v !== VERSION || isNewer(fovea, foveaVersion())) throw unknownVersion(dir, fovea, v);
  const parsed = Manifest.safeParse(any.data);
  if (!parsed.success) throw unreadable(dir, z.prettifyError(parsed.error).replaceAll("\n", " "));
  const { network, hash } = parsed.data;
  const origin = recordedOrigin(dir, parsed.data);
  if (/^fovea (?:run|sweep) /.test(origin.command)) throw ofRun(dir, origin.command);
  const tuned = tunedEntries(dir, parsed.data);
  return { dir, fovea, network, origin, tuned, isEdited: contentHash(network) !== hash };
}

function tunedEntries(dir: string, { tuned, tunedEntries = [] }: Manifest): TunedTable {
  const found = z.array(TunedEntry).safeParse(tunedEntries);
  if (!found.success) throw unreadable(dir, "its tuned entries are none of this fovea's");
  if (tuned !== undefined && contentHash(found.data) !== tuned) {
    throw unreadable(dir, "it does not hold the tuned entries that are in its kernels");
  }
  return found.data;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof SyntaxError || code === "ENOENT" || code === "ENOTDIR") return null;
    throw diskError(error, file);
  }
}

/** Of two versions such as `1.2.3`; what stands behind a hyphen is not looked at. */
function isNewer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((each) => each.split("-")[0]?.split(".").map(Number) ?? []);
  const at = [0, 1, 2].find((index) => a?.[index] !== b?.[index]);
  return at !== undefined && (a?.[at] ?? 0) > (b?.[at] ?? 0);
}

function unknownVersion(dir: string, fovea: string, v: number): FoveaError {
  return new FoveaError({
    code: "FOV0054",
    message: `${dir} was emitted by fovea ${fovea} (manifest version ${v}), which fovea ${foveaVersion()} does not know; nothing is written`,
    value: fovea,
    allowed: `manifests of version ${VERSION}, by fovea ${foveaVersion()} and before`,
    fix: "use that fovea or a newer one, or generate the package again from its declaration",
  });
}

function unreadable(dir: string, why: string): FoveaError {
  return new FoveaError({
    code: "FOV0055",
    message: `${join(dir, "manifest.json")} does not say any more what ${basename(dir)} is emitted from: ${why}; nothing is written`,
    value: dir,
    fix: "generate the package again from its declaration; the head of its model.py names the command",
  });
}

function ofRun(dir: string, command: string): FoveaError {
  return new FoveaError({
    code: "FOV0056",
    message: `${dir} is the record of what a run trained (${command}), and stays as it is`,
    value: dir,
    fix: "name a folder of `fovea generate`; `fovea replay RUN --package new` runs the new code",
  });
}
