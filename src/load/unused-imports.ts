import type { UserSources } from "./user-sources.js";

/** What may be an import statement with a name in it, and not `import type`. */
const NAMED_IMPORT = /\bimport\b(?!\s+type\b)[^'"`;]*?\bfrom\s*["']([^"'\n]+)["']/g;

/** What may be an import that leads nowhere; it may stand in a comment, or import types alone. */
interface MissingImport {
  readonly file: string;
  readonly specifier: string;
}

/**
 * TypeScript drops an import whose names are never used, so that one of a file that is not there
 * goes unseen when the user's files are evaluated. An import of types alone is dropped too, and is
 * right where the compiler finds them.
 */
export async function missingUnusedImports(
  sources: UserSources,
): Promise<readonly MissingImport[]> {
  const missing: MissingImport[] = [];
  for (const file of sources.files) {
    for (const specifier of unusedImports(file, sources)) {
      if (!(await resolves(specifier, file))) missing.push({ file, specifier });
    }
  }
  return missing;
}

/** Specifiers of import statements that the running code no longer has. */
function unusedImports(file: string, sources: UserSources): readonly string[] {
  const code = sources.code(file) ?? "";
  return [...(sources.text(file) ?? "").matchAll(NAMED_IMPORT)]
    .map(([, specifier = ""]) => specifier)
    .filter((specifier) => specifier !== "fovea" && !code.includes(JSON.stringify(specifier)));
}

async function resolves(specifier: string, file: string): Promise<boolean> {
  const { isBuiltin } = await import("node:module");
  if (isBuiltin(specifier)) return true;
  const { ts } = await import("ts-morph");
  const options = { moduleResolution: ts.ModuleResolutionKind.Bundler, resolveJsonModule: true };
  const found = ts.resolveModuleName(specifier, file, { ...options, allowJs: true }, ts.sys);
  return found.resolvedModule !== undefined;
}
