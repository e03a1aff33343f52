import { z } from "zod";
import { Bench } from "./bench.js";
import { DataBench } from "./data-bench.js";
import { Event } from "./event.js";
import { Experiment } from "./experiment.js";
import { Exploration } from "./exploration.js";
import { Manifest } from "./manifest.js";
import { Network } from "./network.js";
import { NetworkBench } from "./network-bench.js";
import { PeerCard } from "./peer-card.js";
import { RetargetDocument } from "./retarget.js";
import { RunRecord, StatusRecord } from "./run.js";

/** Every document of fovea's that has a schema: what it is, and the schema. */
const SCHEMAS = {
  network: ["a network as declared, completed: `CONFIG` of a package", Network],
  experiment: ["an experiment, completed: in run.json, and what is hashed", Experiment],
  manifest: ["manifest.json of a generated package", Manifest],
  run: ["run.json of a run", RunRecord],
  status: ["status.json of a run", StatusRecord],
  event: ["one line of events.jsonl", Event],
  bench: ["fovea bench --json, and bench.json", Bench],
  "bench-network": ["fovea bench --network --json", NetworkBench],
  "bench-data": ["fovea bench data --json", DataBench],
  "peer-card": ["fovea inspect --json of a model of timm", PeerCard],
  exploration: ["fovea explore --json", Exploration],
  retarget: ["fovea retarget --json", RetargetDocument],
} as const satisfies Readonly<Record<string, readonly [about: string, schema: z.ZodType]>>;

type SchemaName = keyof typeof SCHEMAS;

/** Their names, in the order of {@link SCHEMAS}. */
export const SCHEMA_NAMES = Object.keys(SCHEMAS) as [SchemaName, ...SchemaName[]];

/** What the document of this name is. */
export function aboutSchema(name: SchemaName): string {
  return SCHEMAS[name][0];
}

/**
 * The JSON Schema (draft 2020-12) of what fovea writes. What no JSON Schema can say, such as that a
 * side is odd, it leaves out.
 */
export function jsonSchema(name: SchemaName): object {
  return z.toJSONSchema(SCHEMAS[name][1]);
}
