import { type Import, importLines } from "../plan/imports.js";

/** A name that emitted code may use, and the module that it comes from. */
export interface Importable {
  readonly name: string;
  /** Missing where the name is a module that is imported whole. */
  readonly module?: string;
}

/** What emitted modules use of the standard library and of torch. */
export const LIBRARIES: readonly Importable[] = [
  { name: "Callable", module: "collections.abc" },
  { name: "Iterable", module: "collections.abc" },
  { name: "Iterator", module: "collections.abc" },
  { name: "Sequence", module: "collections.abc" },
  { name: "contextmanager", module: "contextlib" },
  { name: "nullcontext", module: "contextlib" },
  { name: "Any", module: "typing" },
  { name: "copy" },
  { name: "warnings" },
  { name: "torch" },
  { name: "Tensor", module: "torch" },
  { name: "nn", module: "torch" },
  { name: "checkpoint", module: "torch.utils.checkpoint" },
];

/** Names that a file of the package offers to its other files: its classes and functions. */
export function definedNames(code: string): string[] {
  const found = code.matchAll(/^(?:class|def) (\w+)|^(\w+) = /gm);
  return Array.from(found, ([, defined, assigned]) => defined ?? assigned ?? "");
}

/** Import lines for those of the names that a file's code uses, in the order that Ruff asks for. */
export function usedImports(code: string, importable: readonly Importable[]): string[] {
  const bare = code.replace(/"""[\s\S]*?"""|#.*$/gm, "");
  const imports = importable
    .filter(({ name, module }) => {
      const use = module === undefined ? `(?<![.\\w])${name}\\.` : `(?<![.\\w])${name}\\b`;
      return new RegExp(use).test(bare);
    })
    .map(
      ({ name, module }): Import =>
        module === undefined ? { module: name } : { module, names: [name] },
    );
  return importLines([{ module: "__future__", names: ["annotations"] }, ...imports]);
}
