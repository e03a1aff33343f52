import { type Command, Option } from "commander";
import { type ActionMaker, EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";

interface Options {
  readonly fix?: boolean;
  readonly strict?: boolean;
  readonly format: "text" | "github";
}

/** `fovea check`: all analyses of files without emitting anything. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("check <file...>")
    .description(
      "load files and run all analyses without emitting: mistakes, warnings and notes at their places in the source",
    )
    .option(
      "--fix",
      "mend what is mechanical: misspelt words, quotes around numbers, even sides, imports",
    )
    .option("--strict", "exit 1 where there is a warning")
    .addOption(
      new Option("--format <F>", "github: annotations of a pull request")
        .choices(["text", "github"])
        .default("text"),
    )
    .option("--json", "print {networks: [{name, target, checks}], errors, fixes}")
    .action(action(check));
}

async function check(io: Io, targets: readonly string[], options: Options): Promise<ExitCode> {
  const [{ checkTargets }, report] = await Promise.all([
    import("../check/find.js"),
    import("../check/report.js"),
  ]);
  const fixes = options.fix === true ? await fix(io, targets) : [];
  const checked = await checkTargets(targets, io.note);
  const [only] = checked.errors;
  // A single file that does not load has no result (contract, line 15).
  if (only !== undefined && targets.length === 1 && options.format === "text") throw only;
  if (io.json) await io.result(report.checkDocument(checked, fixes));
  else if (options.format === "github") {
    const { githubAnnotations } = await import("../check/github.js");
    for (const line of githubAnnotations(checked)) await io.print(line);
  } else await io.print(report.checkText(checked, io.color));
  if (checked.errors.length > 0) return EXIT.mistake;
  const warned = checked.networks.some(({ checks }) =>
    checks.some(({ level }) => level === "warning"),
  );
  return options.strict === true && warned ? EXIT.failed : EXIT.done;
}

async function fix(io: Io, targets: readonly string[]) {
  const { fixTarget } = await import("../check/fix.js");
  const fixes = [];
  for (const target of targets) fixes.push(...(await fixTarget(io, target)));
  return fixes;
}
