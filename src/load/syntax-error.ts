import { readFileSync } from "node:fs";
import { Script } from "node:vm";
import { FoveaError, type SourceLocation } from "../ir/error.js";
import type { UserSources } from "./user-sources.js";

function syntaxError(message: string, location: SourceLocation, language: string): FoveaError {
  return new FoveaError({
    code: "FOV0031",
    message: `syntax error: ${message}`,
    allowed: language,
    fix: "mend the syntax at this place",
    location,
  });
}

/** What Babel's failure becomes in the text that jiti's transform returns. */
const FAILED = "exports.__JITI_ERROR__ = ";

/** The mistake that jiti's transform hides in the code that it returns, if there is one. */
export function babelError(code: string, file: string): FoveaError | undefined {
  if (!code.startsWith(FAILED)) return undefined;
  const { line, column, message } = JSON.parse(code.slice(FAILED.length)) as {
    line: number;
    column: number;
    message: string;
  };
  const place = line > 0 ? { line, column: column + 1 } : {};
  // Babel puts the file's name before what it says, and a place and a frame behind.
  const [first = ""] = message.replace(/^\/.*?: /, "").split("\n");
  const reason = first.replace(/\s*\(\d+:\d+\)\s*$/, "").trim();
  return syntaxError(reason.replace(/\.$/, ""), { file, ...place }, "TypeScript");
}

/**
 * What Babel lets pass and the engine refuses, such as a broken regular expression. Such an error
 * has no frame; compiling the file again tells its line.
 */
export function engineError(file: string, sources: UserSources): FoveaError | undefined {
  const code = sources.code(file);
  if (code === undefined) return undefined;
  try {
    new Script(`(async function () {${code}\n})`, { filename: file });
    return undefined;
  } catch (error) {
    const { stack = "", message } = error as Error;
    const [head = "", , carets = ""] = stack.slice(stack.indexOf(file) + file.length).split("\n");
    const line = Number(/^:(\d+)/.exec(head)?.[1] ?? 1);
    const place = sources.original(file, { line, column: Math.max(0, carets.indexOf("^")) + 1 });
    return syntaxError(message, { file, ...place }, "TypeScript");
  }
}

/** A JSON file that does not parse, where that is what Node complains of. */
export async function jsonError(thrown: unknown): Promise<FoveaError | undefined> {
  const file = thrown instanceof Error && /^(\/.*?\.json): /s.exec(thrown.message)?.[1];
  if (!file) return undefined;
  const { ts } = await import("ts-morph");
  const { error } = ts.parseConfigFileTextToJson(file, readFileSync(file, "utf8"));
  if (error?.file === undefined) return undefined;
  const { line, character } = error.file.getLineAndCharacterOfPosition(error.start ?? 0);
  const message = ts.flattenDiagnosticMessageText(error.messageText, " ").replace(/\.$/, "");
  return syntaxError(message, { file, line: line + 1, column: character + 1 }, "JSON");
}
