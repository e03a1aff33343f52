import type { Command } from "commander";
import { type ActionMaker, EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";

interface Options {
  readonly out?: string;
}

/** `fovea schema`: JSON Schemas of what fovea reads and writes. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("schema [name]")
    .description(
      "print the JSON Schema of a document, or the names of all; with --out write them as NAME.schema.json",
    )
    .option("--out <dir>", "write all schemas, or the one that is named, into this folder")
    .option("--json", "print {name: schema} of all that are asked for")
    .allowExcessArguments(false)
    .action(action(schema));
}

async function schema(io: Io, written: string | undefined, { out }: Options): Promise<ExitCode> {
  const [{ aboutSchema, jsonSchema, SCHEMA_NAMES }, { parseChoice }] = await Promise.all([
    import("../../ir/json-schemas.js"),
    import("../choice.js"),
  ]);
  const names =
    written === undefined ? SCHEMA_NAMES : [parseChoice("schema", written, SCHEMA_NAMES)];
  if (out !== undefined) {
    if (out === "") throw await noFolder();
    const { writeFiles } = await import("../../disk/write-files.js");
    const text = (name: (typeof names)[number]): string =>
      `${JSON.stringify(jsonSchema(name), null, 2)}\n`;
    writeFiles(
      out,
      names.map((name) => ({ path: `${name}.schema.json`, text: text(name) })),
    );
    io.note(`wrote ${names.length} ${names.length === 1 ? "schema" : "schemas"} into ${out}`);
  }
  if (io.json) {
    await io.result(Object.fromEntries(names.map((name) => [name, jsonSchema(name)])));
  } else if (out === undefined && written !== undefined) {
    for (const name of names) await io.print(JSON.stringify(jsonSchema(name), null, 2));
  } else if (out === undefined) {
    const { plainTable } = await import("../../report/table.js");
    const rows = names.map((name) => [name, aboutSchema(name)]);
    await io.print(
      plainTable(
        [
          ["name", "left"],
          ["document", "left"],
        ],
        rows,
      ),
    );
  }
  return EXIT.done;
}

async function noFolder() {
  const { optionMistake } = await import("../whole.js");
  return optionMistake("--out", "", "names no folder", { fix: "write --out DIR" });
}
