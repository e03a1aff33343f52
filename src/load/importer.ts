import { readFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { dirname, extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Jiti, ModuleCache, NodeModule } from "jiti";
import type { Overlay } from "./overlay.js";

/** What jiti gives each module as `import()`, and to resolve with. */
type Import = (specifier: string) => Promise<unknown>;
type Resolve = (specifier: string, options: { try: true }) => string | URL | undefined;

/**
 * Puts plain JavaScript of the user's into jiti's cache before jiti sees it: jiti would hand it to
 * Node, which keeps a module for ever, and resolves `fovea` to whatever is installed there.
 *
 * @param cache - jiti's own, of one load
 * @param overlay - texts that stand in for files
 * @returns what stands for a module's `import()`
 */
export function importWith(
  jiti: Jiti,
  cache: ModuleCache,
  overlay: Overlay,
): (original: Import, resolve: Resolve) => Import {
  return (original, resolve) => async (specifier) => {
    const file = plainJavaScript(specifier, resolve);
    if (file !== undefined && cache[file] === undefined) {
      const laid = overlay.get(file);
      const text = laid ?? readFileSync(file, "utf8");
      if (isCommonJs(file, text)) requireFresh(file, cache, laid);
      else {
        const options = { filename: file, cache, async: true, forceTranspile: true };
        await jiti.evalModule(text, options);
      }
    }
    return original(specifier);
  };
}

/** The file that the specifier stands for, where it is the user's own JavaScript. */
function plainJavaScript(specifier: string, resolve: Resolve): string | undefined {
  if (!/^(\.{0,2}\/|file:)/.test(specifier)) return undefined;
  const url = String(resolve(specifier, { try: true }) ?? "");
  if (!url.startsWith("file://")) return undefined;
  const file = fileURLToPath(url);
  const mine = /^\.[cm]?js$/.test(extname(file)) && !/[\\/]node_modules[\\/]/.test(file);
  return mine ? file : undefined;
}

function isCommonJs(file: string, text: string): boolean {
  const ending = extname(file);
  return ending === ".cjs" || (ending === ".js" && !/^\s*(import|export)\b/m.test(text));
}

/** A file that Node cannot require (it asks for `fovea`, or awaits) is left to jiti. */
function requireFresh(file: string, cache: ModuleCache, laid: string | undefined): void {
  try {
    const exports: unknown = laid === undefined ? createRequire(file)(file) : compile(file, laid);
    cache[file] = { id: file, filename: file, loaded: true, exports } as NodeModule;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "MODULE_NOT_FOUND" && code !== "ERR_REQUIRE_ESM") throw error;
  }
}

/** Evaluates a text as the CommonJS module that stands in a file. */
function compile(file: string, text: string): unknown {
  const module = new Module(file) as Module & { _compile(text: string, file: string): void };
  module.filename = file;
  module.paths = (
    Module as unknown as { _nodeModulePaths(from: string): string[] }
  )._nodeModulePaths(dirname(file));
  module._compile(text, file);
  return module.exports;
}
