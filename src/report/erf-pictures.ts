import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { FoveaError } from "../ir/error.js";
import type { ReportedRun } from "./collect-run.js";

/** A picture as `fovea erf --out` writes it. */
export interface ErfPicture {
  /** What it is of: a run's id, or a network's name. */
  readonly of: string;
  /** `erf-<of>.svg` or `.png`. */
  readonly file: string;
  readonly bytes: Buffer;
  /** Whether it is in the page; it is a file of its own in any case. */
  readonly embedded: boolean;
}

/** Bytes of pictures that a page holds: with all else it stays a few megabytes. */
const MOST_EMBEDDED = 2 * 1024 * 1024;

const TYPES: Readonly<Record<string, string>> = { ".svg": "image/svg+xml", ".png": "image/png" };

/**
 * Pictures of effective receptive fields: each run's own, in its folder's `erf/`, and those in a
 * folder that was named. An SVG, which has axes, goes before a PNG of the same.
 *
 * @throws FoveaError FOV0155 where the named folder has none of these runs and networks
 */
export function erfPictures(
  runs: readonly ReportedRun[],
  folder: string | null,
): readonly ErfPicture[] {
  const wanted = new Set(runs.flatMap(({ row }) => [row.run, row.network]));
  const own = runs.flatMap(({ row }) =>
    picturesIn(join(row.dir, "erf"), new Set([row.run, row.network])),
  );
  const named = folder === null ? [] : picturesIn(folder, wanted);
  if (folder !== null && named.length === 0) {
    throw new FoveaError({
      code: "FOV0155",
      message: `--erf: ${folder} has no picture of these runs and networks`,
      value: folder,
      allowed: `NAME.svg or NAME.png, where NAME is one of ${[...wanted].slice(0, 6).join(", ")}`,
      fix: "write them there with `fovea erf RUN --out FOLDER`",
    });
  }
  const byName = new Map([...own, ...named].map((picture) => [picture.of, picture]));
  let left = MOST_EMBEDDED;
  return [...byName.values()].map(({ of, path, extension }) => {
    const bytes = readFileSync(path);
    const embedded = bytes.length <= left;
    if (embedded) left -= bytes.length;
    return { of, file: `erf-${of}${extension}`, bytes, embedded };
  });
}

interface Found {
  readonly of: string;
  readonly path: string;
  readonly extension: string;
}

function picturesIn(folder: string, wanted: ReadonlySet<string>): readonly Found[] {
  const found = new Map<string, Found>();
  for (const extension of [".png", ".svg"]) {
    for (const name of namesIn(folder)) {
      const of = name.slice(0, -extension.length);
      if (extname(name) === extension && wanted.has(of)) {
        found.set(of, { of, path: join(folder, name), extension });
      }
    }
  }
  return [...found.values()];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The picture as an address that needs no file; as an image, nothing in it runs. */
export function dataUrl({ file, bytes }: ErfPicture): string {
  return `data:${TYPES[extname(file)]};base64,${bytes.toString("base64")}`;
}
