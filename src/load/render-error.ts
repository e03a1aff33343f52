import { readFileSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import { codeFrameColumns } from "@babel/code-frame";
import type { ErrorCode } from "../ir/codes.js";
import type { FoveaError, SourceLocation } from "../ir/error.js";
import { printable, showValue } from "../ir/printable.js";

/** A mistake as `--json` prints it (contract, line 15). */
export interface ErrorDocument {
  readonly code: ErrorCode;
  readonly message: string;
  /** Relative to the working directory when below it, else absolute. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly path: string | null;
  /** As it was written where JSON has it, else in words. */
  readonly value: unknown;
  readonly allowed: string | null;
  readonly fix: string | null;
  /** Where the value is written, where that is not in the call that it is wrong in. */
  readonly written?: { readonly file: string; readonly line: number; readonly column: number };
}

export function describeError(error: FoveaError, cwd: string = process.cwd()): ErrorDocument {
  const { code, message, list = [], path, value, allowed, fix, location, written } = error.details;
  return {
    code,
    message: [message, ...list].join("\n"),
    file: location ? shownPath(location.file, cwd) : null,
    line: location?.line ?? null,
    column: location?.column ?? null,
    path: path ?? null,
    value: jsonValue(value),
    allowed: allowed ?? null,
    fix: fix ?? null,
    ...(written && {
      written: {
        file: shownPath(written.file, cwd),
        line: written.line ?? 1,
        column: written.column ?? 1,
      },
    }),
  };
}

interface RenderOptions {
  readonly color?: boolean;
  /** Whether the lines around the mistake are shown; they are where it is not given. */
  readonly frame?: boolean;
  readonly cwd?: string;
}

/**
 * A mistake as a terminal shows it: `PATH:LINE:COLUMN: error CODE: message`, its list, the lines
 * around it, then the value, what is allowed and the fix. Nothing of the user's is printed unescaped.
 */
export function renderError(error: FoveaError, options: RenderOptions = {}): string {
  const { color = false, frame = true, cwd = process.cwd() } = options;
  const { code, message, list = [], path, allowed, fix, location, written } = error.details;
  const paint = (style: string, text: string) =>
    color ? `\u001b[${style}m${text}\u001b[0m` : text;
  const detail = (name: string, text: string | undefined) =>
    text === undefined ? [] : [`  ${paint("2", name.padEnd(8))}${printable(text)}`];
  const place = location ? `${shownPlace(location, cwd)}: ` : "";
  return [
    `${place}${paint("1;31", `error ${code}`)}: ${printable(message)}`,
    ...list.map((line) => `  ${printable(line)}`),
    ...(frame && location ? codeFrame(location, color) : []),
    ...(written ? [`  written at ${shownPlace(written, cwd)}`] : []),
    ...(frame && written ? codeFrame(written, color) : []),
    ...detail("option", path),
    ...detail("value", "value" in error.details ? showValue(error.details.value) : undefined),
    ...detail("allowed", allowed),
    ...detail("fix", fix),
  ].join("\n");
}

/** A warning or a note with its place, and the lines around it. */
interface Finding {
  readonly level: string;
  readonly code: ErrorCode;
  readonly path: string;
  readonly message: string;
  readonly location?: SourceLocation;
  readonly written?: SourceLocation;
}

/** What a check found as a terminal shows it, in the form of {@link renderError}. */
export function renderFinding(finding: Finding, options: RenderOptions = {}): string {
  const { color = false, cwd = process.cwd() } = options;
  const { level, code, path, message, location, written } = finding;
  const head = `${level} ${code}`;
  const place = location ? `${shownPlace(location, cwd)}: ` : "";
  return [
    `${place}${color ? `\u001b[1;33m${head}\u001b[0m` : head}: ${printable(message)}`,
    ...(location ? codeFrame(location, color) : []),
    ...(written ? [`  written at ${shownPlace(written, cwd)}`, ...codeFrame(written, color)] : []),
    `  option  ${printable(path)}`,
  ].join("\n");
}

function shownPlace({ file, line, column }: SourceLocation, cwd: string): string {
  const place = line === undefined ? [] : column === undefined ? [line] : [line, column];
  return [printable(shownPath(file, cwd)), ...place].join(":");
}

function shownPath(file: string, cwd: string): string {
  const below = relative(cwd, file);
  return below === "" || below.startsWith("..") || isAbsolute(below) ? file : below;
}

/** Lines that nobody reads are not worth a screen of them. */
const LONGEST_LINE = 240;

function codeFrame({ file, line, column }: SourceLocation, color: boolean): string[] {
  if (line === undefined) return [];
  try {
    const source = visible(readFileSync(file, "utf8"));
    const near = source.split("\n").slice(Math.max(0, line - 3), line + 3);
    if (near.some((each) => each.length > LONGEST_LINE)) return [];
    const start = column === undefined ? { line } : { line, column };
    return [codeFrameColumns(source, { start }, { highlightCode: color, forceColor: color })];
  } catch {
    return [];
  }
}

/** One printable character for each that is not, so that columns stay. */
function visible(source: string): string {
  return source
    .replace(/^\ufeff/, "")
    .replace(/\r\n/g, "\n")
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\p{Surrogate}]/gu, (character) => {
      if (character === "\n" || character === "\t") return character;
      const code = character.charCodeAt(0);
      return code < 32 ? String.fromCharCode(0x2400 + code) : "\ufffd";
    });
}

function jsonValue(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "object") {
    try {
      const text = JSON.stringify(value);
      if (text !== undefined && text.length < 2000) return JSON.parse(text);
    } catch {
      return showValue(value);
    }
  }
  return showValue(value);
}
