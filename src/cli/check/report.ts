import type { Fix } from "../../harness/fix/fix-file.js";
import { describeError, renderError, renderFinding } from "../../load/render-error.js";
import type { Checked } from "./find.js";

/** The document of `fovea check --json`. */
export function checkDocument({ networks, errors }: Checked, fixes: readonly Fix[]): object {
  return {
    networks: networks.map(({ name, target, checks }) => ({
      name,
      target,
      checks: checks.map(({ level, code, id, path, message, location = null, written = null }) => ({
        severity: level,
        code,
        id,
        path,
        message,
        location,
        written,
      })),
    })),
    errors: errors.map((error) => describeError(error)),
    fixes: fixes.map(({ code, file, line, from, to }) => ({ code, file, line, from, to })),
  };
}

/** Mistakes, then what is found of each network, each with the lines around it. */
export function checkText({ networks, errors }: Checked, color: boolean): string {
  const found = networks.flatMap(({ name, checks }) =>
    checks.map((check) =>
      renderFinding({ ...check, message: `${name}: ${check.message}` }, { color }),
    ),
  );
  const count = counted(networks.length, "network");
  const of = (level: string) =>
    networks.reduce(
      (sum, { checks }) => sum + checks.filter((each) => each.level === level).length,
      0,
    );
  const summary = `${count}: ${counted(errors.length, "error")}, ${counted(of("warning"), "warning")}, ${counted(of("note"), "note")}`;
  return [...errors.map((error) => renderError(error, { color })), ...found, summary].join("\n\n");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
