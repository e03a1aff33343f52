import { jsonSchema } from "../src/ir/json-schemas.js";

/** Those that the Python side is tested against. */
const OF_RUNS = ["event", "experiment", "manifest", "run", "status"] as const;

/** The IR's schemas as JSON Schema, by path from the checkout's root. */
export function schemaFiles(): Map<string, string> {
  return new Map(
    OF_RUNS.map((name) => [
      `python/fovea_runtime/schemas/${name}.schema.json`,
      `${JSON.stringify(jsonSchema(name), null, 2)}\n`,
    ]),
  );
}
