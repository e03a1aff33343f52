import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import * as command from "../../src/cli/commands/replay.js";
import * as runModule from "../../src/cli/commands/run.js";
import { runCommand } from "../support/command.js";
import { onlyRun } from "../support/harness.js";
import { temporaryFolder } from "../support/temporary.js";

const EXPERIMENT = `import { classifier, digits, experiment, network, peripheral, stem } from "fovea";
export default experiment({
  name: "small",
  network: network("small", {
    input: { channels: 1, size: 32 },
    stem: stem.patchify({ stride: 4 }),
    depths: [1],
    widths: [16],
    mixers: [peripheral({ kernel: 9, centre: 5 })],
    head: classifier(10),
  }),
  data: digits({ train: 64, test: 32 }),
  recipe: { steps: 6, batch: 16, logEvery: 1, evalEvery: 2 },
});
`;

test("the real Python side gives the same bits again, and other ones with other code", async () => {
  const folder = temporaryFolder();
  const file = join(folder, "small.experiment.ts");
  writeFileSync(file, EXPERIMENT);
  for (const [name, value] of Object.entries({
    FOVEA_HOME: join(folder, "home"),
    FOVEA_CACHE: join(folder, "cache"),
    FOVEA_PYTHON: "",
    OMP_NUM_THREADS: "1",
  })) {
    vi.stubEnv(name, value);
  }
  try {
    expect((await runCommand(runModule, ["run", file, "--device", "cpu"])).exit).toBe(0);
    const { id, directory } = onlyRun(join(folder, "home"));
    const equal = await runCommand(command, ["replay", id, "--json"]);
    expect(equal.json()).toMatchObject({
      equal: true,
      losses: { compared: 6, equal: 6 },
      gradNorms: { compared: 6, equal: 6 },
      evals: { compared: 9, equal: 9 },
    });
    expect(differences(equal)).toEqual([]);
    expect(equal.exit).toBe(0);

    const [name = "none"] = readdirSync(join(directory, "package"));
    const model = join(directory, "package", name, "model.py");
    const text = readFileSync(model, "utf8");
    const edited = text.replace(/std=[\d.]+/, "std=0.3");
    expect(edited).not.toBe(text);
    writeFileSync(model, edited);
    vi.stubEnv("OMP_NUM_THREADS", "2");
    const words = ["replay", id, "--package", "as-is", "--steps", "2", "--json"];
    const other = await runCommand(command, words);
    expect(other.exit).toBe(1);
    expect(other.json()).toMatchObject({
      status: "cancelled",
      equal: false,
      reached: true,
      losses: { compared: 2, equal: 0, first: { step: 1, ulpType: "float32" } },
      package: { choice: "as-is", problems: ["model.py was edited"] },
    });
    expect(differences(other)).toEqual([
      { path: "host.threads", a: "1", b: "2" },
      { path: "host.OMP_NUM_THREADS", a: "1", b: "2" },
    ]);
  } finally {
    vi.unstubAllEnvs();
  }
}, 300_000);

/** The run's file is in no repository, and the replay is asked for in this one. */
function differences(replayed: { json(): unknown }): readonly unknown[] {
  const { differences } = replayed.json() as { differences: readonly { path: string }[] };
  return differences.filter(({ path }) => !path.startsWith("git."));
}
