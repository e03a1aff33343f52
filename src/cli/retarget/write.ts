import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { requireChangeable, writeSources } from "../../disk/write-sources.js";
import type { PackageState } from "../../emit/write-package.js";
import { resolveDevice } from "../../harness/resolve-device.js";
import type { RetargetPlan } from "../../harness/retarget/request.js";
import { type Verification, verifyKernels } from "../../harness/verify-kernels.js";
import { FoveaError } from "../../ir/error.js";
import type { RetargetDocument } from "../../ir/retarget.js";
import { findPython, type Python, probePython } from "../../launch/python.js";
import { commandLine } from "../generate/command-line.js";
import { interruption } from "../interruption.js";
import type { Io } from "../io.js";
import { describe, readCertificates } from "../verify/certificates.js";
import { forget, keep } from "./journal.js";
import type { RetargetOptions } from "./options.js";
import { type Place, packagesFolder, putPackages, refuseHandEdits } from "./package.js";
import { putPackageBack } from "./put-back.js";

type Written = Pick<RetargetDocument, "written" | "package" | "certificates" | "bench">;

/**
 * Changes the files, regenerates the network's package, verifies its kernels, and times them where
 * that is asked. Everything that could refuse is asked before anything is written; what fails
 * until the kernels hold puts files and package back; a benchmark that fails leaves them.
 *
 * @returns `null` where Ctrl-C came before the kernels were verified, and everything is put back
 * @throws FoveaError FOV0250 for a file that is not the user's to change, FOV0052 for a package
 *   edited by hand, FOV0060 where Python is missing, FOV0051 where the disk refuses, FOV0061 where
 *   a kernel does not hold
 */
export async function write(
  io: Io,
  target: string,
  plan: RetargetPlan,
  options: RetargetOptions,
): Promise<Written | null> {
  const { edits, before, after, source, origins } = plan;
  const file = plan.file ?? target;
  requireChangeable(
    edits.map((each) => each.file),
    file,
  );
  const python = options.verify || options.bench === true ? await working() : undefined;
  const device = python && (await resolveDevice(options.device, python)).type;
  const out = packagesFolder(options.out, file, after.name);
  const place: Place = { out, source, tuned: options.tuned, note: io.note };
  const dir = join(out, after.name);
  const existed = existsSync(join(dir, "manifest.json"));
  if (options.force !== true) refuseHandEdits(before, origins.before, place);

  const kept = keep({
    v: 1,
    file: realpathSync(file),
    source,
    edits: edits.map((each) => ({ ...each, file: realpathSync(each.file) })),
    package: { out, tuned: options.tuned ?? null, existed, before, after },
  });
  const back = async (): Promise<void> => {
    writeSources(edits.map((each) => ({ ...each, before: each.after, after: each.before })));
    if (existed || existsSync(join(dir, "manifest.json"))) {
      await putPackageBack(file, before, existed, place);
    }
    forget(kept);
  };
  let state: PackageState;
  try {
    writeSources(edits);
  } catch (error) {
    forget(kept);
    throw error;
  }
  try {
    state = putPackages(after, plan.networks, origins.after, place, true);
    await tell(io, edits.length, state);
  } catch (error) {
    await back();
    throw error;
  }
  let certificates: Verification["document"] = null;
  if (options.verify && python !== undefined && device !== undefined) {
    const found = await verified(io, dir, { python, device }, back);
    if (found === null) return null;
    certificates = found.document;
  }
  io.note(`to take it back: ${commandLine(["fovea", "retarget", target, "--undo"])}`);
  let bench: unknown = null;
  if (options.bench === true && python !== undefined && device !== undefined) {
    const { benchBoth } = await import("./bench.js");
    bench = await benchBoth(io, plan, dir, { python, device });
  }
  const files = state.files.map(({ path, sha256, status }) => ({ path, sha256, status }));
  return { written: true, package: { dir, files }, certificates, bench };
}

/**
 * Verifies a package's kernels; what does not come to a good end is taken back.
 *
 * @returns `null` where Ctrl-C ended it
 */
async function verified(
  io: Io,
  dir: string,
  where: { readonly python: Python; readonly device: "cpu" | "cuda" },
  back: () => Promise<void>,
): Promise<Verification | null> {
  const stopped = new AbortController();
  void interruption().then(() => stopped.abort());
  const { signal } = stopped;
  const found = await verifyKernels([dir], { ...where, onNote: io.note, signal }).catch(
    async (error: unknown) => {
      await back();
      throw error;
    },
  );
  if (found.passed) {
    if (!io.json) for (const each of readCertificates(found, dir)) await io.print(describe(each));
    return found;
  }
  await back();
  if (!signal.aborted) throw unverified(found);
  io.note("interrupted before the kernels were verified: everything is put back");
  return null;
}

/** A Python that runs, asked before anything is written. */
async function working(): Promise<Python> {
  try {
    const python = findPython(process.cwd());
    await probePython(python);
    return python;
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    const { fix = "" } = error.details;
    throw error.with({ fix: `${fix}; --no-verify writes without verifying` });
  }
}

async function tell(io: Io, files: number, { dir, files: states }: PackageState): Promise<void> {
  if (io.json) return;
  const fresh = states.filter(({ status }) => status !== "unchanged").length;
  const kept = states.length - fresh;
  await io.print(
    `\nwrote ${files} ${files === 1 ? "file" : "files"} of yours, and in ${dir} ${fresh} of ${states.length} files; ${kept} stay as they were`,
  );
}

function unverified({ summary, said }: Verification): FoveaError {
  return new FoveaError({
    code: "FOV0061",
    message: `a kernel fails its verification, and everything is put back: ${summary || said}`,
    fix: "see what `fovea verify` says of the kernel; --no-verify writes all the same",
  });
}
