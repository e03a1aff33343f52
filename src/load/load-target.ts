import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { timm } from "../dsl/index.js";
import { recordCalls } from "../dsl/origin.js";
import { shippedExperiments, shippedNetworks } from "../dsl/zoo/shipped.js";
import { FoveaError, isFoveaError } from "../ir/error.js";
import type { Experiment } from "../ir/experiment.js";
import { nearest } from "../ir/nearest.js";
import type { Network } from "../ir/network.js";
import type { Peer } from "../ir/peer.js";
import { showValue } from "../ir/printable.js";
import { isPeer, type Trainable } from "../ir/trainable.js";
import { type Declared, readDefaultExport } from "./default-export.js";
import { evaluate } from "./evaluate.js";
import { atDefaultExport, atMissingImport, locateFailure } from "./locate-failure.js";
import { type FindOrigins, noOrigins, originsIn } from "./origins.js";
import { type LoadContext, plainContext } from "./overlay.js";
import { peerPlace } from "./peer-place.js";
import { missingUnusedImports } from "./unused-imports.js";
import { readUserFile } from "./user-file.js";
import { UserSources } from "./user-sources.js";

/** Before the name of a model of timm, where a FILE may stand. */
const TIMM = "timm:";

/** What stands behind a FILE of the command line, peers among it. */
export interface AnyTarget extends Omit<Declared, "notes"> {
  /** The file's base name, or the shipped name. */
  readonly source: string;
  /** Absolute, as the user gave it; `null` for what is shipped. */
  readonly file: string | null;
  /** Every file of the user's that was read, absolute, for `--watch`. */
  readonly files: readonly string[];
  /** Where its networks and their mixers were declared. */
  readonly origins: FindOrigins;
}

/** What stands behind a FILE of a command that generates. */
export interface Target extends Omit<AnyTarget, "trainables"> {
  readonly networks: readonly Network[];
}

export interface LoadOptions {
  readonly cwd: string;
  /** Takes what the user is to be told of a file that is right; on stderr where it is not given. */
  readonly note?: (text: string) => void;
  /** Texts that stand in for files, and what loads share; none where it is not given. */
  readonly context?: LoadContext;
}

function toStderr(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * {@link loadAnyTarget} for commands that generate: a peer, alone or in a list, is refused.
 *
 * @throws FoveaError FOV0034 for a peer, and those of {@link loadAnyTarget}
 */
export async function loadTarget(target: string, options: LoadOptions): Promise<Target> {
  const found = await loadAnyTarget(target, options);
  const { trainables, ...rest } = found;
  const networks = trainables.map((each) => {
    if (isPeer(each)) throw refusedPeer(each, found);
    return each;
  });
  return { ...rest, networks };
}

/** What a file exports, as `read` takes it. */
interface LoadedFile<T> {
  readonly source: string;
  readonly file: string;
  readonly files: readonly string[];
  readonly origins: FindOrigins;
  readonly found: T;
}

/**
 * Loads a shipped network or experiment by its name, a model of timm by `timm:NAME`, or a user's
 * file. Each call reads the files again.
 *
 * @param target - what the user wrote; a shipped name wins over a file of that name
 * @throws FoveaError with its place for every mistake in a user's file
 */
export async function loadAnyTarget(
  target: string,
  { cwd, note = toStderr, context }: LoadOptions,
): Promise<AnyTarget> {
  const shipped = target.startsWith(TIMM) ? loadTimm(target) : loadShipped(target);
  if (shipped !== undefined) return shipped;
  const { found, ...rest } = await loadFile(target, cwd, readDefaultExport, context);
  const { notes, ...declared } = found;
  for (const each of notes) note(each);
  return { ...rest, ...declared };
}

/** What stands behind a name that is no file's. */
function withoutFile(
  source: string,
  trainable: Trainable,
  experiment: Experiment | null = null,
): AnyTarget {
  const trainables = [trainable];
  return {
    source,
    file: null,
    files: [],
    origins: noOrigins,
    trainables,
    experiment,
    sweep: null,
  };
}

/**
 * Loads a user's file. Each call reads it and what it imports again.
 *
 * @param target - the path that the user wrote
 * @param read - takes the module's exports
 * @param context - texts that stand in for files, and what loads share
 * @throws FoveaError with its place for every mistake in the file
 */
export async function loadFile<T>(
  target: string,
  cwd: string,
  read: (exports: object) => T,
  context: LoadContext = plainContext(),
): Promise<LoadedFile<T>> {
  const file = resolve(cwd, target);
  const opened = await readUserFile(file).catch((error: unknown) => {
    throw isFoveaError(error) ? error.with({ value: target }) : error;
  });
  if (opened === undefined) throw notFound(target);
  const { real } = opened;
  const text = context.overlay.get(real) ?? opened.text;
  const sources = new UserSources();
  const asGiven = givenPath(file, real);
  try {
    const ended = recordCalls();
    const found = await exportedBy(real, text, sources, read, context).finally(ended);
    const origins = originsIn(ended(), sources, asGiven);
    return { source: basename(file), file, files: sources.everything.map(asGiven), origins, found };
  } catch (error) {
    const { location, written } = isFoveaError(error) ? error.details : {};
    if (!isFoveaError(error) || location === undefined) throw error;
    throw error.with({
      location: { ...location, file: asGiven(location.file) },
      ...(written && { written: { ...written, file: asGiven(written.file) } }),
    });
  }
}

async function exportedBy<T>(
  real: string,
  text: string,
  sources: UserSources,
  read: (exports: object) => T,
  context: LoadContext,
): Promise<T> {
  let exports: object;
  try {
    exports = await evaluate(real, text, sources, context);
  } catch (error) {
    throw await locateFailure(error, real, sources);
  }
  for (const { file, specifier } of await missingUnusedImports(sources)) {
    const mistake = await atMissingImport(file, specifier, sources);
    if (mistake !== undefined) throw mistake;
  }
  try {
    return read(exports);
  } catch (error) {
    throw isFoveaError(error) ? await atDefaultExport(error, real, sources) : error;
  }
}

/** @throws FoveaError FOV0001 for what cannot be the name of a model of timm */
function loadTimm(target: string): AnyTarget {
  try {
    return withoutFile(target, timm(target.slice(TIMM.length)));
  } catch (error) {
    if (!isFoveaError(error)) throw error;
    throw error.with({ value: target, fix: `write ${TIMM}swin_tiny_patch4_window7_224` });
  }
}

export function loadShipped(name: string): AnyTarget | undefined {
  const network = Object.hasOwn(shippedNetworks, name) ? shippedNetworks[name] : undefined;
  if (network !== undefined) return withoutFile(name, network());
  if (!Object.hasOwn(shippedExperiments, name)) return undefined;
  const experiment = shippedExperiments[name]?.();
  return experiment && withoutFile(name, experiment.network, experiment);
}

function refusedPeer(peer: Peer, target: AnyTarget): FoveaError {
  const location = peerPlace(peer, target);
  return new FoveaError({
    code: "FOV0034",
    message: `${peer.name} is a peer, a model of timm: peers are trained and compared, never generated`,
    value: `timm:${peer.model}`,
    allowed: "networks of network() or a preset",
    fix: "use it with `fovea run`, `fovea inspect` or `fovea bench --network`; here name a network, or a file without peers",
    ...(location === undefined ? {} : { location }),
  });
}

function notFound(target: string): FoveaError {
  const names = [...Object.keys(shippedNetworks), ...Object.keys(shippedExperiments)];
  const close = nearest(basename(target), names);
  return new FoveaError({
    code: "FOV0030",
    message: `there is no file and nothing shipped of the name ${showValue(target)}`,
    value: target,
    allowed: `a TypeScript file, timm:NAME for a model of timm, or ${names.join(", ")}`,
    fix:
      close.length > 0
        ? `did you mean ${close.join(" or ")}?`
        : "look at the path; `fovea zoo` lists what is shipped",
  });
}

/** Paths without symbolic links, as seen through the path that the user gave. */
function givenPath(file: string, real: string): (path: string) => string {
  return (path) => {
    if (path === real) return file;
    const inside = relative(dirname(real), path);
    const linked = basename(real) !== basename(file);
    if (linked || inside.startsWith("..") || isAbsolute(inside)) return path;
    return join(dirname(file), inside);
  };
}
