import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { types } from "node:util";
import * as dsl from "../dsl/index.js";
import { FoveaError, isFoveaError } from "../ir/error.js";
import { nearest } from "../ir/nearest.js";
import { IN_A_SENTENCE, printable, showValue } from "../ir/printable.js";
import type { WrittenSource } from "../retarget/locate.js";
import { firstUserFrame, type Place, userFrames } from "./frames.js";
import { engineError, jsonError } from "./syntax-error.js";
import type { UserSources } from "./user-sources.js";

/**
 * Turns what a user's file threw into a mistake with its place (contract, line 13).
 *
 * @param entry - the file that was loaded; it stands where nothing tells of another
 */
export async function locateFailure(
  thrown: unknown,
  entry: string,
  sources: UserSources,
): Promise<FoveaError> {
  // Whatever is asked of a proxy may run code of the user's.
  if (types.isProxy(thrown)) {
    return notAnError(thrown).with({ location: { file: sources.current ?? entry } });
  }
  const ours = isFoveaError(thrown);
  if (ours && thrown.details.location !== undefined) return thrown;
  const frame = firstUserFrame(thrown, sources);
  if (frame === undefined) {
    const file = sources.current ?? entry;
    if (ours) return thrown.with({ location: { file } });
    const broken =
      thrown instanceof SyntaxError
        ? engineError(file, sources)
        : await unknownBuiltin(thrown, file, sources);
    return broken ?? thrownBy(thrown).with({ location: { file } });
  }
  const written = await openWritten(frame.file, sources);
  if (ours) return placed(thrown, frame, written, sources);
  const imported = written?.importAt(frame);
  if (imported === undefined) return thrownBy(thrown).with({ location: frame });
  const broken = await jsonError(thrown);
  if (broken !== undefined) return broken;
  return failedImport(thrown, { ...imported, file: frame.file }, imported.specifier);
}

/** The mistake of an import that leads nowhere, and that nothing else told of. */
export async function atMissingImport(
  file: string,
  specifier: string,
  sources: UserSources,
): Promise<FoveaError | undefined> {
  const place = (await openWritten(file, sources))?.importOf(specifier);
  if (place === undefined) return undefined;
  return failedImport(new Error("there is nothing of that name"), { ...place, file }, specifier);
}

/** The default export is wrong: its place is where it is exported. */
export async function atDefaultExport(
  error: FoveaError,
  file: string,
  sources: UserSources,
): Promise<FoveaError> {
  const written = await openWritten(file, sources);
  const place = written?.defaultExport() ?? { line: 1, column: 1 };
  return error.with({ location: { file, ...place } });
}

async function openWritten(file: string, sources: UserSources): Promise<WrittenSource | undefined> {
  const { WrittenSource } = await import("../retarget/locate.js");
  try {
    return new WrittenSource(sources.text(file) ?? readFileSync(file, "utf8"), file);
  } catch {
    return undefined;
  }
}

function placed(
  error: FoveaError,
  frame: Place,
  written: WrittenSource | undefined,
  sources: UserSources,
): FoveaError {
  const { code, path = "", related, value } = error.details;
  const place =
    code === "FOV0032"
      ? written?.importedName("fovea", String(value))
      : written?.option(frame, path, related);
  const callers = userFrames(error, sources).slice(1);
  const origin = path === "" ? undefined : written?.origin(frame, path, callers);
  return error.with({
    location: { ...frame, ...place },
    ...(origin === undefined ? {} : { written: origin }),
  });
}

/** Node refuses a `node:` module that it does not have without a frame of the file that asks. */
async function unknownBuiltin(
  thrown: unknown,
  file: string,
  sources: UserSources,
): Promise<FoveaError | undefined> {
  if (!(thrown instanceof Error)) return undefined;
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code !== "ERR_UNKNOWN_BUILTIN_MODULE") return undefined;
  return atMissingImport(file, message.slice(message.indexOf("node:")), sources);
}

function thrownBy(thrown: unknown): FoveaError {
  if (!(thrown instanceof Error)) return notAnError(thrown);
  const message = asWritten(thrown.message);
  return new FoveaError({
    code: "FOV0033",
    message: `the file throws ${printable(`${thrown.name}: ${message}`)}`,
    allowed: "a file that loads without an error",
    fix: misspeltPreset(message) ?? "mend what throws at this place",
  });
}

/** jiti writes what a file imports as members of its module: `_fovea.recipe`, `(0, _fovea.pelk)`. */
function asWritten(message: string): string {
  return message.replace(/\(0, _\w+\.(\w+)\)/g, "$1").replace(/(?<![\w.])_\w+\.(?=\w)/g, "");
}

/** `recipe.slk is not a function`: a preset's name that was misspelt. */
function misspeltPreset(message: string): string | undefined {
  const [, owner = "", name = ""] = /^(\w+)\.(\w+) is not a function$/.exec(message) ?? [];
  const presets = Object.hasOwn(dsl, owner) ? Object.keys(Reflect.get(dsl, owner)) : [];
  const [close] = nearest(name, presets, 1);
  return close === undefined ? undefined : `write ${owner}.${close}`;
}

function notAnError(thrown: unknown): FoveaError {
  return new FoveaError({
    code: "FOV0033",
    message: `the file throws ${showValue(thrown, IN_A_SENTENCE)}, which is no Error`,
    value: thrown,
    allowed: "a file that loads without an error",
    fix: "throw an Error, which tells its line",
  });
}

async function failedImport(thrown: unknown, place: Place, specifier: string): Promise<FoveaError> {
  const { file, line, column } = place;
  const reason = thrown instanceof Error ? (thrown.message.split("\n")[0] ?? "") : String(thrown);
  const close = await neighbour(file, specifier);
  return new FoveaError({
    code: "FOV0032",
    message: `cannot import ${showValue(specifier)}: ${printable(reason)}`,
    value: specifier,
    allowed: "fovea, a file by its path from this one, or a package that is installed here",
    fix: close ? `import ${showValue(close)}` : "look at the spelling, or install the package",
    location: { file, line, column },
  });
}

/** A file beside the one that was meant, with a name like it. */
async function neighbour(file: string, specifier: string): Promise<string | undefined> {
  if (!/^\.\.?\//.test(specifier)) return undefined;
  const wanted = resolve(dirname(file), specifier);
  const names = await readdir(dirname(wanted)).catch(() => []);
  const loadable = names.filter((each) => /\.(?:[cm]?[jt]s|json)$/.test(each));
  const close = nearest(basename(wanted), loadable, 1)[0];
  return close && specifier.slice(0, specifier.length - basename(specifier).length) + close;
}
