import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EmittedFile } from "../../emit/emitted-file.js";
import type { FileState } from "../../emit/inspect-package.js";
import { unifiedDiff } from "../../emit/unified-diff.js";
import { type Edit, editError } from "../../emit/write-package.js";
import { comparePackages, putPackages, type Standing } from "../../harness/put-packages.js";
import { type WantedPackage, wantedPackage } from "../../harness/wanted-package.js";
import { FoveaError, isFoveaError } from "../../ir/error.js";
import { withoutOrigin } from "../diff/code.js";
import type { FoundPackages } from "./find-packages.js";
import type { RecordedPackage } from "./recorded-package.js";

/** Lines of one file's diff. */
const MOST = 40;

/** What an upgrade changes of a file. */
interface FileUpgrade extends FileState {
  /** `header`: only comments that say where it is from. */
  readonly change: "header" | "code" | null;
  /** Hunks of a unified diff of the code; `null` where there is none to show. */
  readonly diff: string | null;
}

export interface PackageUpgrade {
  readonly name: string;
  readonly dir: string;
  /** Version of the fovea that emitted what lies there. */
  readonly from: string;
  readonly files: readonly FileUpgrade[];
}

export interface Upgrade {
  readonly packages: readonly PackageUpgrade[];
  readonly standing: Standing;
}

/**
 * Emits packages again from what their manifests say, and puts them right or only compares.
 *
 * @param options.note - shows the user an edit that is in the way
 * @throws FoveaError FOV0052 for an edit by hand without `force`, FOV0055 where a tuned entry is for
 *   no launch of today's kernel, and those of {@link putPackages}
 */
export function upgradePackages(
  { out, packages }: FoundPackages,
  options: {
    readonly check: boolean;
    readonly force: boolean;
    readonly note: (text: string) => void;
  },
): Upgrade {
  if (!options.check && !options.force) refuseEditedManifests(packages);
  const wanted = packages.map((each) => emitted(each, !options.check));
  const before = comparePackages(out, wanted);
  const upgrades = before.packages.map(({ name, dir, files }, index): PackageUpgrade => {
    const texts = new Map(wanted[index]?.emit().map(({ path, text }) => [path, text]));
    return {
      name,
      dir,
      from: packages[index]?.fovea ?? "",
      files: files.map((file) => ({ ...file, ...changeOf(dir, file, texts.get(file.path)) })),
    };
  });
  const standing = options.check ? before : putPackages(out, wanted, options);
  return { packages: upgrades, standing };
}

function refuseEditedManifests(packages: readonly RecordedPackage[]): void {
  const [first, ...others] = packages
    .filter(({ isEdited }) => isEdited)
    .map(({ dir }): Edit => ({ file: join(dir, "manifest.json"), change: "" }));
  if (first !== undefined) throw editError([first, ...others]);
}

function emitted(
  { network, dir, origin, tuned }: RecordedPackage,
  isWritten: boolean,
): WantedPackage {
  const wanted = wantedPackage(network, dir, { origin, tuned, isWritten });
  let files: readonly EmittedFile[];
  try {
    files = wanted.emit();
  } catch (error) {
    if (!isFoveaError(error)) throw error;
    throw new FoveaError(
      {
        code: "FOV0055",
        message: `${dir} cannot be emitted any more: ${error.message}; nothing is written`,
        value: dir,
        fix: "generate the package again from its declaration",
      },
      { cause: error },
    );
  }
  return { ...wanted, emit: () => files };
}

function changeOf(
  dir: string,
  { path, status }: FileState,
  text: string | undefined,
): Pick<FileUpgrade, "change" | "diff"> {
  if (status !== "changed" || text === undefined || !path.endsWith(".py")) {
    return { change: null, diff: null };
  }
  const [before, after] = [readFileSync(join(dir, path), "utf8"), text].map(withoutOrigin);
  if (before === undefined || after === undefined || before === after) {
    return { change: "header", diff: null };
  }
  const names = ["as it is", "upgraded"] as const;
  return { change: "code", diff: unifiedDiff(before, after, path, { names, most: MOST }) };
}
