import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as generate from "../../src/cli/commands/generate.js";
import * as inspect from "../../src/cli/commands/inspect.js";
import * as plan from "../../src/cli/commands/plan.js";
import * as run from "../../src/cli/commands/run.js";
import { project } from "../load/project.js";
import { runCommand } from "../support/command.js";

const SWEEP = `import { classifier, dense, digits, experiment, network, stem, sweep } from "fovea";
const small = network("small", {
  input: { channels: 1, size: 16 },
  stem: stem.patchify({ stride: 4 }),
  depths: [1],
  widths: [8],
  mixers: [dense({ kernel: 7 })],
  head: classifier(10),
});
export default sweep({
  base: experiment({ name: "sides", network: small, data: digits({}), recipe: { steps: 2 } }),
  over: { "network.mixers[*].kernel": [7, 9], "recipe.lr": [1e-3, 1e-2] },
  seeds: [0, 1],
});
`;
const root = project({ "sides.sweep.ts": SWEEP });
const file = join(root, "sides.sweep.ts");
const NOTE =
  "2 networks of the sweep have the name small: the first keeps it here, the other is small_2";

test("fovea generate emits each network of a sweep once", async () => {
  const out = join(root, "out");
  const { exit, stderr, json } = await runCommand(generate, [
    "generate",
    file,
    "--out",
    out,
    "--json",
  ]);
  expect(exit).toBe(0);
  expect(json()).toMatchObject({ networks: [{ name: "small" }, { name: "small_2" }] });
  expect(existsSync(join(out, "small_2", "__init__.py"))).toBe(true);
  expect(stderr).toContain(NOTE);
  const again = await runCommand(generate, ["generate", file, "--out", out, "--check"]);
  expect(again.exit).toBe(0);
});

test("fovea inspect and plan have a card and a plan of each", async () => {
  for (const command of [inspect, plan]) {
    const name = command === inspect ? "inspect" : "plan";
    const { exit, stderr, json } = await runCommand(command, [name, file, "--json"]);
    expect(exit).toBe(0);
    expect(json()).toMatchObject({ networks: [{ name: "small" }, { name: "small_2" }] });
    expect(stderr).toContain(NOTE);
  }
});

test("fovea run leaves sweeps to fovea sweep", async () => {
  const { exit, stderr, json } = await runCommand(run, ["run", file, "--json"]);
  expect(exit).toBe(2);
  expect(json()).toMatchObject({ error: { code: "FOV0034", fix: `fovea sweep ${file}` } });
  expect(stderr).not.toContain("networks of the sweep");
});
