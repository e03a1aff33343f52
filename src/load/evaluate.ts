import { createRequire, Module } from "node:module";
import { extname } from "node:path";
import { createJiti, type ModuleCache, type TransformOptions } from "jiti";
import { foveaModule } from "./fovea-module.js";
import { guarded } from "./guard.js";
import { importWith } from "./importer.js";
import type { LoadContext } from "./overlay.js";
import { babelError } from "./syntax-error.js";
import type { UserSources } from "./user-sources.js";

/** Where the code of a user's file finds the load that it belongs to. */
const LOAD = "fovea.load";

interface Load {
  readonly importer: ReturnType<typeof importWith>;
  /** Called by a file when it has been evaluated. */
  readonly close: (file: string, exports: object) => void;
}

/**
 * Evaluates a user's file and what it imports, afresh: nothing of an earlier load is used, and
 * nothing is written.
 *
 * @param file - absolute, without symbolic links
 * @param sources - takes every file in that is read
 * @param context - texts that stand in for files, and what Babel made before
 * @returns the module's exports
 * @throws whatever the file throws; FoveaError FOV0031, with its place, for a syntax error
 */
export async function evaluate(
  file: string,
  text: string,
  sources: UserSources,
  context: LoadContext,
): Promise<object> {
  const babel = createJiti(file, { fsCache: false });
  const transform = (options: TransformOptions) => ({
    code: transformed(options, (each) => babel.transform(each), sources, context),
  });
  const jiti = createJiti(file, {
    fsCache: false,
    moduleCache: false,
    sourceMaps: true,
    interopDefault: true,
    tryNative: false,
    virtualModules: { fovea: foveaModule() },
    transform,
  });
  const cache: ModuleCache = Object.create(null);
  let exports: object = {};
  const close = (closed: string, its: object) => {
    sources.close(closed);
    if (closed !== file) return;
    exports = isNamespace(its) ? { ...its } : its;
    // jiti's interop reads properties of a default export, of `null` too.
    if ("default" in its && its.default === null) its.default = undefined;
  };
  const load: Load = { importer: importWith(jiti, cache, context.overlay), close };
  const forget = rememberModules(sources);
  layJson(context.overlay);
  Reflect.set(globalThis, Symbol.for(LOAD), load);
  try {
    const options = { filename: file, cache, async: true, forceTranspile: true };
    await guarded(() => jiti.evalModule(text, options));
    return exports;
  } finally {
    Reflect.deleteProperty(globalThis, Symbol.for(LOAD));
    forget();
  }
}

/** Exports of a module, and not what CommonJS put in their place. */
function isNamespace(exports: object): boolean {
  return Object.hasOwn(exports, "__esModule");
}

function transformed(
  options: TransformOptions,
  transform: (options: TransformOptions) => string,
  sources: UserSources,
  { overlay, transformed: known }: LoadContext,
): string {
  const { filename = "" } = options;
  const source = (overlay.get(filename) ?? options.source).replace(/^\ufeff/, "");
  const key = `${filename}\0${source}`;
  const code = known.get(key) ?? transform({ ...options, source });
  known.set(key, code);
  const run = sources.add(filename, source, code);
  const error = babelError(code, filename);
  if (error !== undefined) throw error;
  const load = `globalThis[Symbol.for(${JSON.stringify(LOAD)})]`;
  const importer = `jitiImport=${load}?.importer(jitiImport,jitiESMResolve)??jitiImport;`;
  // Babel's own directive would stand behind the first statement, where it is none.
  return `"use strict";${importer}${run}\n;${load}?.close(${JSON.stringify(filename)},module.exports);`;
}

/** Node reads JSON by itself, unless it has read it. */
function layJson(overlay: LoadContext["overlay"]): void {
  const { cache } = createRequire(import.meta.url);
  for (const [file, text] of overlay) {
    if (extname(file) !== ".json") continue;
    const exports: unknown = JSON.parse(text.replace(/^\ufeff/, ""));
    cache[file] = Object.assign(new Module(file), { filename: file, loaded: true, exports });
  }
}

/** JSON and CommonJS files go through Node's own cache; a later load must read them again. */
function rememberModules(sources: UserSources): () => void {
  const { cache } = createRequire(import.meta.url);
  const before = new Set(Object.keys(cache));
  return () => {
    for (const file of Object.keys(cache)) {
      if (before.has(file) || /[\\/]node_modules[\\/]/.test(file)) continue;
      delete cache[file];
      sources.addForeign(file);
    }
  };
}
