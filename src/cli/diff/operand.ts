import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { packageOf } from "../../harness/emit-package.js";
import { readPackageFiles } from "../../harness/read-package-files.js";
import { FoveaError } from "../../ir/error.js";
import type { Experiment } from "../../ir/experiment.js";
import { Manifest } from "../../ir/manifest.js";
import type { RunRecord } from "../../ir/run.js";
import { isPeer, type Trainable } from "../../ir/trainable.js";
import { homeDirectory } from "../../launch/home.js";
import { loadAnyTarget } from "../../load/load-target.js";
import { lookAt } from "../../load/look-at.js";
import { findRunDirectory } from "../../runs/find-run.js";
import { runRecord } from "../../runs/records.js";
import { isRunId } from "../../runs/run-directory.js";

/** One side of a comparison: what a word on the command line names. */
export interface Operand {
  readonly word: string;
  readonly kind: "network" | "peer" | "experiment" | "package" | "run";
  readonly trainable: Trainable;
  /** `null` where only a network is named. */
  readonly experiment: Experiment | null;
  /** The generated code by path: what lies there, or what a declaration gives now; a peer has none. */
  readonly files: ReadonlyMap<string, string> | null;
  readonly manifest: Manifest | null;
  readonly run: { readonly directory: string; readonly record: RunRecord } | null;
}

/**
 * What a word names: a run by its id or folder, a generated package by its folder, else a file, a
 * shipped name or `timm:NAME`.
 *
 * @throws FoveaError FOV0070 for an unknown or damaged run, FOV0142 for what is none of these or
 *   several at once, and those of loading
 */
export async function readOperand(word: string, cwd: string): Promise<Operand> {
  const path = resolve(cwd, word);
  if (existsSync(join(path, "run.json"))) return runOperand(word, path);
  if (existsSync(join(path, "manifest.json"))) return packageOperand(word, path);
  if (isRunId(word) && /-[0-9a-f]{8}-\d+$/.test(word)) {
    return runOperand(word, findRunDirectory(homeDirectory(cwd), word));
  }
  const found = lookAt(path);
  if (typeof found !== "string" && found.isDirectory()) {
    throw incomparable(word, "this folder is no generated package and no run", {
      allowed: "a folder with manifest.json or run.json",
      fix: "name the package itself, such as generated/pelk_tiny",
    });
  }
  if (word.endsWith(".py")) {
    throw incomparable(word, "this is one file of a package", { fix: "name the package's folder" });
  }
  return await declaredOperand(word, cwd);
}

async function declaredOperand(word: string, cwd: string): Promise<Operand> {
  const { trainables, experiment, sweep, source } = await loadAnyTarget(word, { cwd });
  const [trainable, ...others] = trainables;
  if (sweep !== null || trainable === undefined || others.length > 0) {
    const what = sweep === null ? `${trainables.length} networks` : "a sweep";
    throw incomparable(word, `it declares ${what}`, {
      allowed: "a file with one network or one experiment",
      fix:
        sweep === null
          ? "export one of them by itself"
          : "`fovea sweep FILE --plan` lists its runs; name one of them",
    });
  }
  const code = isPeer(trainable) ? null : packageOf(trainable, source);
  const files = code && new Map(code.map(({ path, text }) => [path, asText(text)]));
  const kind = experiment === null ? (isPeer(trainable) ? "peer" : "network") : "experiment";
  return { word, kind, trainable, experiment, files, manifest: manifestOf(files), run: null };
}

function packageOperand(word: string, folder: string): Operand {
  const files = filesIn(folder);
  const manifest = manifestOf(files);
  if (manifest === null) {
    throw incomparable(word, "its manifest.json is none that this fovea wrote", {
      fix: "emit the package again: fovea generate",
    });
  }
  const { network: trainable } = manifest;
  return { word, kind: "package", trainable, experiment: null, files, manifest, run: null };
}

function runOperand(word: string, directory: string): Operand {
  const record = runRecord(directory, word);
  const { experiment } = record;
  const files = record.package === null ? null : filesIn(join(directory, record.package));
  return {
    word,
    kind: "run",
    trainable: experiment.network,
    experiment,
    files,
    manifest: manifestOf(files),
    run: { directory, record },
  };
}

function filesIn(folder: string): ReadonlyMap<string, string> {
  return new Map(readPackageFiles(folder).map(({ path, text }) => [path, text.toString("utf8")]));
}

function manifestOf(files: ReadonlyMap<string, string> | null): Manifest | null {
  try {
    return Manifest.safeParse(JSON.parse(files?.get("manifest.json") ?? "")).data ?? null;
  } catch {
    return null;
  }
}

function incomparable(
  word: string,
  why: string,
  more: { readonly allowed?: string; readonly fix: string },
): FoveaError {
  return new FoveaError({ code: "FOV0142", message: `${word}: ${why}`, value: word, ...more });
}

function asText(text: string | Uint8Array): string {
  return typeof text === "string" ? text : Buffer.from(text).toString("utf8");
}
