import * as fovea from "../index.js";
import { FoveaError } from "../ir/error.js";
import { nearest } from "../ir/nearest.js";

/** Names that the loader and `await` look for in any module. */
const ASKED_OF_ALL = new Set(["default", "then", "__esModule", "toJSON", "constructor"]);

/**
 * What `import … from "fovea"` gives in a user's file: the running tool's own public module. A
 * name that it does not export is a mistake that says so, and not an `undefined`.
 */
export function foveaModule(): object {
  return new Proxy(
    { ...fovea },
    {
      // The loader asks whether a name is there before it gets it.
      has: (target, name) => name in target || isMissing(target, name),
      get(target, name, receiver) {
        if (isMissing(target, name)) throw unknownExport(name, Object.keys(target));
        return Reflect.get(target, name, receiver);
      },
    },
  );
}

function isMissing(target: object, name: string | symbol): name is string {
  return typeof name === "string" && !(name in target) && !ASKED_OF_ALL.has(name);
}

function unknownExport(name: string, known: readonly string[]): FoveaError {
  const close = nearest(name, known, 1)[0];
  return new FoveaError({
    code: "FOV0032",
    message: `fovea has no export ${name}`,
    value: name,
    allowed: known.join(", "),
    fix: close ? `import ${close}` : "remove it from the import",
  });
}
