import "./baseline-wasm.js";
import { createRequire } from "node:module";
import type { Diagnostic, Workspace } from "@astral-sh/ruff-wasm-nodejs";

/** Oldest Python that emitted code runs on; line length and lint rules are Ruff's defaults. */
const SETTINGS = { "target-version": "py310" } as const;

let workspace: Workspace | undefined;

/** Ruff is compiled when it is asked for first: what is not emitted needs none. */
function openWorkspace(): Workspace {
  const require = createRequire(import.meta.url);
  const ruff =
    require("@astral-sh/ruff-wasm-nodejs") as typeof import("@astral-sh/ruff-wasm-nodejs");
  return new ruff.Workspace(SETTINGS, ruff.PositionEncoding.Utf16);
}

/**
 * Formats emitted Python as `ruff format` does, and holds it against Ruff's default rules.
 *
 * @param path names the file in the error
 * @throws Error listing every finding: templates are to need no fixes
 */
export function formatPython(text: string, path: string): string {
  workspace ??= openWorkspace();
  let formatted: string;
  try {
    formatted = workspace.format(text);
  } catch (error) {
    throw new Error(`emitted ${path} is not Python: ${String(error)}\n${text}`);
  }
  const findings: Diagnostic[] = workspace.check(formatted);
  if (findings.length > 0) {
    const list = findings.map((finding) => describe(finding, path, formatted)).join("\n");
    throw new Error(`emitted ${path} does not pass Ruff:\n${list}`);
  }
  return formatted;
}

function describe(finding: Diagnostic, path: string, text: string): string {
  const { row, column } = finding.start_location;
  const line = text.split("\n")[row - 1] ?? "";
  return `${path}:${row}:${column}: ${finding.code ?? "syntax"} ${finding.message}\n    ${line}`;
}
