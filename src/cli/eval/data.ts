import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, extname, join, resolve } from "node:path";
import { digits, imageFolder } from "../../dsl/index.js";
import { shippedExperiments } from "../../dsl/zoo/shipped.js";
import type { Data } from "../../ir/data.js";
import { FoveaError } from "../../ir/error.js";
import { loadAnyTarget } from "../../load/load-target.js";
import { lookAt, systemReason } from "../../load/look-at.js";
import { optionMistake, parseWhole } from "../whole.js";

/** Held-out images. */
export interface HeldOut {
  readonly data: Data;
  /** The experiment's, for scenes; `null` where none is said. */
  readonly seed: number | null;
}

const ALLOWED =
  "digits, digits:N, a folder of images in ImageNet's layout, or an experiment's file";
/** Names of the folder of held-out images below a root. */
const VALIDATION = ["val", "validation", "valid", "test"];
const WORKERS = 4;

/**
 * The held-out images that `--data` names. Of an experiment's, nothing but they is opened.
 *
 * @throws FoveaError FOV0030 where there is nothing, FOV0040 for a folder without classes, and those
 *   of loading a file
 */
export async function parseData(written: string, cwd: string): Promise<HeldOut> {
  if (/^digits(:|$)/.test(written)) return { data: scenes(written), seed: null };
  if (Object.hasOwn(shippedExperiments, written) || isFile(resolve(cwd, written))) {
    return await fromExperiment(written, cwd);
  }
  return { data: folder(written, resolve(cwd, written)), seed: null };
}

function scenes(written: string): Data {
  const count = written.slice("digits:".length);
  if (count === "") {
    if (written === "digits") return digits({ train: 1 });
    throw optionMistake("--data", written, "there is no number of scenes", {
      allowed: ALLOWED,
      fix: "write --data digits:500",
    });
  }
  const rule = { option: "--data", most: 1e9, unit: "scenes", example: "digits:500" };
  return digits({ train: 1, test: parseWhole(count, rule, written) });
}

async function fromExperiment(written: string, cwd: string): Promise<HeldOut> {
  const { source, experiment, file } = await loadAnyTarget(written, { cwd });
  if (experiment === null) {
    throw new FoveaError({
      code: "FOV0034",
      message: `--data ${written}: ${source} declares no experiment, which has the data`,
      path: "--data",
      value: written,
      allowed: ALLOWED,
      fix: "name a file whose default export is experiment({ data, … })",
      ...(file === null ? {} : { location: { file } }),
    });
  }
  const { data, seed } = experiment;
  if (data.type === "webdataset") {
    return { data: { ...data, train: data.validation, trainSize: null }, seed };
  }
  if (data.type !== "image_folder") return { data, seed };
  return { data: { ...data, train: data.validation }, seed };
}

function folder(written: string, path: string): Data {
  const found = lookAt(path);
  if (typeof found === "string") throw unreadable(written, found);
  const below = folders(written, path);
  const name = VALIDATION.find(
    (each) => below.includes(each) && folders(written, join(path, each)).length > 0,
  );
  if (name !== undefined) return images(path, name);
  if (below.includes("train")) {
    throw optionMistake("--data", written, `it has train/ and none of ${VALIDATION.join(", ")}`, {
      allowed: "a root with a folder of held-out images, or that folder itself",
      fix: `name the folder that holds a folder for each class, such as ${join(written, "train")}`,
    });
  }
  if (below.length === 0) {
    throw optionMistake("--data", written, "there is no folder in it", {
      allowed: ALLOWED,
      fix: "name a folder with a folder of images for each class",
    });
  }
  return images(dirname(path), basename(path));
}

function images(root: string, validation: string): Data {
  const workers = Math.min(WORKERS, availableParallelism());
  return imageFolder({ root, train: validation, validation, workers });
}

/** Names of the folders in a folder. */
function folders(written: string, path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map(({ name }) => name);
  } catch (error) {
    throw unreadable(written, systemReason(error));
  }
}

function unreadable(written: string, why: string): FoveaError {
  return new FoveaError({
    code: "FOV0030",
    message: `--data ${written === "" ? '""' : written}: ${why}`,
    path: "--data",
    value: written,
    allowed: ALLOWED,
    fix: "look at the path",
  });
}

/** Whether it is a file, or has the ending of one: a misspelt file is no missing folder. */
function isFile(path: string): boolean {
  const found = lookAt(path);
  if (typeof found !== "string") return found.isFile();
  return /^\.[cm]?[jt]s$/.test(extname(path));
}
