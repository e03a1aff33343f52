import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { FoveaError, SourceLocation } from "../../ir/error.js";
import type { Checked } from "./find.js";

/** The levels of GitHub's annotations by ours. */
const COMMANDS = { error: "error", warning: "warning", note: "notice" } as const;

/**
 * Workflow commands that annotate files in a pull request: a line each.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function githubAnnotations(
  { networks, errors }: Checked,
  env = process.env,
): readonly string[] {
  const root = workspace(env);
  return [
    ...errors.map((error) =>
      annotation("error", error.code, ofError(error), error.details.location, root),
    ),
    ...networks.flatMap(({ name, checks }) =>
      checks.map(({ level, code, path, message, location }) =>
        annotation(level, code, `${name}: ${path}: ${message}`, location, root),
      ),
    ),
  ];
}

function ofError({ details: { message, list = [], fix } }: FoveaError): string {
  return [message, ...list, ...(fix === undefined ? [] : [`fix: ${fix}`])].join("\n");
}

function annotation(
  level: keyof typeof COMMANDS,
  title: string,
  message: string,
  location: SourceLocation | undefined,
  root: string,
): string {
  const properties = [
    ...(location === undefined ? [] : [`file=${property(relative(root, resolve(location.file)))}`]),
    ...(location?.line === undefined ? [] : [`line=${location.line}`]),
    ...(location?.column === undefined ? [] : [`col=${location.column}`]),
    `title=${property(title)}`,
  ];
  return `::${COMMANDS[level]} ${properties.join(",")}::${data(message)}`;
}

/** What paths of annotations start from. */
function workspace(env: Readonly<Record<string, string | undefined>>): string {
  const given = env["GITHUB_WORKSPACE"];
  if (given !== undefined && given !== "") return resolve(given);
  const cwd = process.cwd();
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
