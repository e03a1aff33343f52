import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isFoveaError } from "../../src/ir/error.js";
import { loadSweep } from "../../src/load/load-sweep.js";
import { loadAnyTarget } from "../../src/load/load-target.js";
import { describeError } from "../../src/load/render-error.js";
import { load, mistake, project } from "./project.js";

const IMPORTS = `import { classifier, dense, digits, experiment, network, stem, sweep } from "fovea";\n`;
const BASE = `${IMPORTS}const net = (name: string, kernel: number) => network(name, {
  input: { channels: 1, size: 16 },
  stem: stem.patchify({ stride: 4 }),
  depths: [1],
  widths: [8],
  mixers: [dense({ kernel })],
  head: classifier(10),
});
export const base = experiment({ name: "small", network: net("small_net", 3), data: digits({}), recipe: { steps: 5 } });
`;

const of = (text: string) => project({ "main.ts": `${BASE}${text}` });
const KERNELS = `export default sweep({ base, over: { "network.mixers[*].kernel": [3, 5, 7], "recipe.lr": [1e-3, 1e-2] } });\n`;

test("the default export may be a sweep: its points, and its distinct networks under own names", async () => {
  const root = of(KERNELS);
  const told: string[] = [];
  const target = await loadAnyTarget("main.ts", { cwd: root, note: (text) => told.push(text) });
  expect(target.sweep?.points).toHaveLength(6);
  expect(target.experiment).toBeNull();
  expect(target.trainables).toMatchObject([
    { name: "small_net", mixers: [{ kernel: 3 }] },
    { name: "small_net_2", mixers: [{ kernel: 5 }] },
    { name: "small_net_3", mixers: [{ kernel: 7 }] },
  ]);
  expect(told).toEqual([
    "3 networks of the sweep have the name small_net: the first keeps it here, the others are small_net_2 and small_net_3, in the order of its runs",
  ]);
  // The runs' own networks keep their name, which is part of their hash.
  const names = target.sweep?.points.map(({ experiment }) => experiment.network.name);
  expect(new Set(names)).toEqual(new Set(["small_net"]));
});

test("names that are taken are passed over, and long ones shortened", async () => {
  const long = "n".repeat(64);
  const root = of(
    `export default sweep({ base, over: { network: [net("a", 3), net("a_2", 3), net("a", 5), net("${long}", 3), net("${long}", 5)] } });\n`,
  );
  const { networks } = await load(root);
  expect(networks.map(({ name }) => name)).toEqual(["a", "a_2", "a_3", long, `${long.slice(2)}_2`]);
});

test("networks of names of their own are told of with no word", async () => {
  const told: string[] = [];
  const root = of(
    `export default sweep({ base, over: { network: [net("a", 3), net("b", 5)] } });\n`,
  );
  await loadAnyTarget("main.ts", { cwd: root, note: (text) => told.push(text) });
  expect(told).toEqual([]);
});

describe("only what sweep() itself returned is a sweep", () => {
  test.each([
    ["a spread copy", `const s = sweep({ base, over: {} });\nexport default { ...s };`],
    ["a copy", "export default structuredClone(sweep({ base, over: {} }));"],
    [
      "one written by hand",
      `export default { kind: "sweep", name: "x", axes: [], points: [] };\nsweep;`,
    ],
  ])("%s", async (_, text) => {
    const error = await mistake(of(`${text}\n`));
    expect(error).toMatchObject({ code: "FOV0034", file: "main.ts" });
    expect(error.fix).toContain("export default sweep(");
  });
});

describe("loadSweep", () => {
  const failure = async (target: string, root: string) => {
    try {
      await loadSweep(target, root);
    } catch (error) {
      if (isFoveaError(error)) return describeError(error, root);
      throw error;
    }
    throw new Error("nothing is wrong with it");
  };

  test("gives the sweep and where it comes from", async () => {
    const root = of(KERNELS);
    const { sweep, ...rest } = await loadSweep("main.ts", root);
    expect(sweep.name).toBe("small");
    expect(rest).toEqual({
      source: "main.ts",
      file: join(root, "main.ts"),
      files: [join(root, "main.ts")],
    });
  });

  test("an experiment is for fovea run", async () => {
    const error = await failure("main.ts", of("export default base;\n"));
    expect(error).toMatchObject({ code: "FOV0034", file: "main.ts", value: "main.ts" });
    expect(error.fix).toContain("fovea run main.ts");
  });

  test.each(["demo", "pelk_tiny"])("what is shipped is none: %s", async (name) => {
    expect(await failure(name, "/")).toMatchObject({ code: "FOV0034", file: null });
  });

  test("a network is none", async () => {
    const error = await failure("main.ts", of('export default net("a", 3);\n'));
    expect(error.fix).toContain("sweep({ base");
  });
});
