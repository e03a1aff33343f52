import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as retarget from "../../src/cli/commands/retarget.js";
import * as schema from "../../src/cli/commands/schema.js";
import { demo } from "../../src/dsl/zoo/demo.js";
import { emitNetwork } from "../../src/emit/network.js";
import { exploreNetwork } from "../../src/harness/explore/explore.js";
import { SCHEMA_NAMES } from "../../src/ir/json-schemas.js";
import { RunRecord, StatusRecord } from "../../src/ir/run.js";
import { pythonEnvironment } from "../../src/launch/environment.js";
import { findPython } from "../../src/launch/python.js";
import { project } from "../load/project.js";
import { benchOf, benchShape, DATA_MEASURED, NETWORKS_MEASURED } from "../support/benches.js";
import { runCommand } from "../support/command.js";
import { net, pelk, peripheral, slak, stripes } from "../support/networks.js";
import { ended, evaluated, eventLines, start, step, writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

const run = (...words: string[]) => runCommand(schema, ["schema", ...words]);

/** Documents as fovea writes them. */
async function samples(): Promise<
  Readonly<Record<(typeof SCHEMA_NAMES)[number], readonly unknown[]>>
> {
  const home = temporaryFolder();
  const { directory } = writeRun(home);
  const read = (file: string): unknown => JSON.parse(readFileSync(join(directory, file), "utf8"));
  const events = eventLines([start(), step(1, null), evaluated(1, { top1: null }), ended()]);
  const shipped = { source: "pelk_tiny", command: "fovea generate pelk_tiny --out generated" };
  const manifest = emitNetwork(pelk("tiny"), shipped).find(({ path }) => path === "manifest.json");
  const file = join(project({ "main.ts": RETARGETED }), "main.ts");
  const changed = await runCommand(retarget, ["retarget", file, "--kernels", "61,-,-,-", "--json"]);
  const options = { kernels: [5, 61], centres: [3, 7], batch: 2 };
  const both = net({
    depths: [1, 1],
    widths: [8, 8],
    mixers: [stripes(7), peripheral(51)],
  });
  return {
    network: [pelk("tiny"), slak("base"), both],
    experiment: [demo()],
    manifest: [JSON.parse(String(manifest?.text))],
    // As a run of this version has them, defaults written out.
    run: [RunRecord.parse(read("run.json"))],
    status: [StatusRecord.parse(read("status.json"))],
    event: events
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
    bench: [benchOf([benchShape(2)])],
    "bench-network": [NETWORKS_MEASURED],
    "bench-data": [DATA_MEASURED],
    "peer-card": [PEER],
    exploration: [
      exploreNetwork(both, { ...options, target: "sm_90", dtype: "bf16" }),
      exploreNetwork(slak("tiny"), { ...options, target: "cpu", dtype: "fp32" }),
    ],
    retarget: [changed.json()],
  };
}

const RETARGETED = `import { pelk } from "fovea";
export default pelk("tiny", { name: "mine" });`;

const PEER = {
  ...{ name: "net", model: "resnet50", description: null, sparsity: 0 },
  input: { channels: 3, size: [224, 224] },
  params: { dense: 25_557_032, nonzero: 25_557_032, embedding: 0, merged: 25_557_032 },
  macs: { dense: 4_089_184_256, nonzero: 4_089_184_256 },
  stages: [],
  layers: [
    {
      ...{ name: "fc", kind: "Linear" },
      params: { dense: 2_049_000, nonzero: 2_049_000 },
      macs: { dense: 2_048_000, nonzero: 2_048_000 },
    },
  ],
  checks: [],
  versions: { timm: "1.0.31", torch: "2.15.0" },
};

/** Says of each document whether it is what its schema wants; schemas are checked themselves. */
const VALIDATE = `
import json, pathlib, sys
from jsonschema import Draft202012Validator
folder = pathlib.Path(sys.argv[1])
found = {}
for name, documents in json.loads((folder / "samples.json").read_text()).items():
    schema = json.loads((folder / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    found[name] = [[error.message for error in validator.iter_errors(each)] for each in documents]
print(json.dumps(found))
`;

/** The document without each of its keys in turn. */
function spoilt(document: unknown): unknown[] {
  const keys = Object.entries(document as Record<string, unknown>);
  return keys.map(([left]) => Object.fromEntries(keys.filter(([key]) => key !== left)));
}

test("what fovea writes is what the schemas say, judged by another implementation", async () => {
  const folder = temporaryFolder();
  expect((await run("--out", folder)).exit).toBe(0);
  const written = await samples();
  const documents = Object.entries(written).flatMap(([name, all]) => [
    [name, all],
    [name, all.flatMap(spoilt)],
  ]);
  const judge = (index: 0 | 1): Record<string, string[][]> => {
    const chosen = Object.fromEntries(documents.filter((_, at) => at % 2 === index));
    writeFileSync(join(folder, "samples.json"), JSON.stringify(chosen));
    const { command } = findPython(process.cwd());
    const options = { env: pythonEnvironment(), encoding: "utf8" } as const;
    return JSON.parse(execFileSync(command, ["-c", VALIDATE, folder], options));
  };
  const [right, wrong] = [judge(0), judge(1)];
  for (const name of SCHEMA_NAMES) {
    expect(right[name]?.length, name).toBeGreaterThan(0);
    for (const errors of right[name] ?? []) expect(errors, name).toEqual([]);
    // Some keys of some documents may be missing; never most of them.
    const refused = (wrong[name] ?? []).filter((errors) => errors.length > 0);
    expect(refused.length, name).toBeGreaterThan((wrong[name]?.length ?? 0) / 2);
  }
}, 300_000);

test("a schema is printed by its name, all are listed without one, and --json is one document", async () => {
  const one = await run("exploration");
  expect([one.exit, one.stderr]).toEqual([0, ""]);
  expect(one.json()).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
  });
  const list = await run();
  for (const name of SCHEMA_NAMES) expect(list.stdout).toMatch(new RegExp(`^${name} +\\S`, "m"));
  const all = (await run("--json")).json() as Record<string, unknown>;
  expect(Object.keys(all)).toEqual(SCHEMA_NAMES);
  expect(all["exploration"]).toEqual(one.json());
  expect((await run("event", "--json")).json()).toEqual({ event: all["event"] });
});

test("--out writes one or all", async () => {
  const folder = temporaryFolder();
  const one = await run("event", "--out", join(folder, "deep", "one"));
  expect([one.exit, one.stdout]).toEqual([0, ""]);
  expect(one.stderr).toContain("wrote 1 schema into");
  expect(readdirSync(join(folder, "deep", "one"))).toEqual(["event.schema.json"]);
  await run("--out", folder);
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  expect(files.toSorted()).toEqual(SCHEMA_NAMES.map((name) => `${name}.schema.json`).toSorted());
});

test.each([
  [["events"], "network, experiment, manifest"],
  [["--out", ""], "names no folder"],
])("%j is refused", async (words, text) => {
  const { exit, stdout, stderr } = await run(...words);
  expect([exit, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(text);
});
