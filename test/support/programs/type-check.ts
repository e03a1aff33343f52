import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const BUILT = `${ROOT}dist/index.d.ts`;

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  allowJs: true,
  checkJs: false,
  skipLibCheck: true,
  resolveJsonModule: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: [],
  paths: { fovea: [existsSync(BUILT) ? BUILT : `${ROOT}src/index.ts`] },
};

const host = ts.createCompilerHost(OPTIONS);
const parsed = new Map<string, ts.SourceFile | undefined>();
const read = host.getSourceFile.bind(host);

/** Files of the tool and the compiler are parsed once; those of programs each time. */
host.getSourceFile = (file, ...rest) => {
  if (!file.startsWith(ROOT)) return read(file, ...rest);
  if (!parsed.has(file)) parsed.set(file, read(file, ...rest));
  return parsed.get(file);
};

/** What the compiler has against files, by file. */
export function typeMistakes(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const program = ts.createProgram({ rootNames: files, options: OPTIONS, host });
  return new Map(
    files.map((file) => {
      const source = program.getSourceFile(file);
      const found = [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ];
      return [
        file,
        found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " ")),
      ];
    }),
  );
}
