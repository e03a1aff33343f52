import { z } from "zod";
import { Event, Experiment, Manifest, RunRecord, StatusRecord } from "../src/ir/index.js";

const SCHEMAS = {
  event: Event,
  experiment: Experiment,
  manifest: Manifest,
  run: RunRecord,
  status: StatusRecord,
};

/** The IR's schemas as JSON Schema, by path from the checkout's root; the Python side is tested against them. */
export function schemaFiles(): Map<string, string> {
  return new Map(
    Object.entries(SCHEMAS).map(([name, schema]) => [
      `python/fovea_runtime/schemas/${name}.schema.json`,
      `${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`,
    ]),
  );
}
