import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import * as explore from "../../src/cli/commands/explore.js";
import { exploreNetwork } from "../../src/harness/explore/explore.js";
import { Exploration } from "../../src/ir/exploration.js";
import { project } from "../load/project.js";
import { runCommand } from "../support/command.js";
import { pelk } from "../support/networks.js";
import { temporaryFolder } from "../support/temporary.js";

const run = (...words: string[]) => runCommand(explore, ["explore", ...words]);

describe("fovea explore", () => {
  test("--json prints the exploration, for an H200 where nothing else is asked", async () => {
    const words = ["--kernels", "31..39/4,51,49..53", "--centre", "5,7"];
    const { exit, stderr, json } = await run("pelk_tiny", ...words, "--json");
    expect([exit, stderr]).toEqual([0, ""]);
    const seen = Exploration.parse(json());
    const kernels = [31, 35, 39, 49, 51, 53];
    const options = {
      target: "sm_90",
      dtype: "bf16",
      batch: 64,
      kernels,
      centres: [5, 7],
    } as const;
    expect(seen).toEqual({
      ...exploreNetwork(pelk("tiny", { sparsity: 0.4 }), options),
      name: "pelk_tiny",
    });
  });

  test("target, type, batch, size and stage are those of the options", async () => {
    const words = ["--target", "sm_80", "--dtype", "fp16", "--batch", "8", "--size", "256x512"];
    const { json } = await run("pelk_tiny", "--kernels", "9", "--stage", "3", ...words, "--json");
    expect(json()).toMatchObject({
      input: { size: [256, 512] },
      target: "sm_80",
      dtype: "fp16",
      batch: 8,
      stages: [{ stage: 3, map: [8, 16] }],
    });
    const cpu = await run("pelk_tiny", "--kernels", "9", "--target", "cpu", "--json");
    expect(cpu.json()).toMatchObject({ dtype: "fp32", batch: 4, device: "one core" });
  });

  test("the text marks the Pareto set, exact sizes, what is declared, what does not reach or fit", async () => {
    const words = ["--kernels", "3,51,63,67,151", "--centre", "5,7"];
    const { exit, stdout } = await run("pelk_tiny", ...words);
    expect(exit).toBe(0);
    const lines = stdout.split("\n");
    const row = (kernel: number, centre: number): string =>
      lines.find((line) => new RegExp(`^[* ] +${kernel} +${centre} `).test(line)) ?? "";
    expect(row(51, 5)).toMatch(/^ .* 13 +48,739,822 .*declared, exact at 33, 65$/);
    expect(row(67, 7)).toMatch(/^\* .* 15 +48,834,398 +\+94,576 .* exact$/);
    expect(row(151, 5)).toContain("exact at 129, 257, only 111×111 reach");
    expect(stdout).toContain("left out: 3 with centre 7, centre 7 is wider than the kernel 3×3");
    expect(stdout).toContain("a centre 5, b centre 7; capital where marked *");
    expect(stdout).toContain("predicted by a cost model");
    expect(lines.filter((line) => line.startsWith("stages."))).toHaveLength(4);
    expect(stdout).not.toContain("\u001b");
    const colored = await runCommand(explore, ["explore", "pelk_tiny", ...words], { color: true });
    const bold = colored.stdout.split("\n").filter((line) => line.startsWith("\u001b[1m"));
    expect(bold).toEqual(
      lines.filter((line) => /^\* +\d/.test(line)).map((line) => `\u001b[1m${line}\u001b[0m`),
    );
  });

  test("an explicit grid has no sizes to try, and its network's other stages have", async () => {
    const file = `import { classifier, dense, grid, network, stem } from "fovea";
export default network("mixed", {
  input: { channels: 3, size: 64 }, stem: stem.patchify({ stride: 4 }), depths: [1, 1],
  widths: [8, 16], mixers: [grid({ cells: [2, 1, 1, 1, 2] }), dense({ kernel: 7 })],
  head: classifier(10),
});`;
    const path = join(project({ "main.ts": file }), "main.ts");
    const { exit, stdout } = await run(path, "--kernels", "9");
    expect(exit).toBe(0);
    expect(stdout).toContain("stages.0  grid, 1 block, 8 channels on 16×16\nan explicit grid has");
    expect(stdout).toMatch(/^\* +9 +- +9 /m);
    expect(stdout).toContain("a without a centre");
    const svg = join(temporaryFolder(), "a.svg");
    const none = await run(path, "--kernels", "9", "--stage", "0", "--svg", svg);
    expect([none.exit, existsSync(svg)]).toEqual([2, false]);
    expect(none.stderr).toContain("no stage has sizes to draw");
  });

  test("--network chooses where a file has several", async () => {
    const file = `import { pelk } from "fovea";
export default [pelk("tiny", { name: "one" }), pelk("small", { name: "two" })];`;
    const path = join(project({ "main.ts": file }), "main.ts");
    const several = await run(path, "--kernels", "51");
    expect(several.exit).toBe(2);
    expect(several.stderr).toContain("has 2 networks");
    const wrong = await run(path, "--kernels", "51", "--network", "tow");
    expect(wrong.stderr).toContain("fix     write --network two");
    const one = await run(path, "--kernels", "51", "--network", "two", "--json");
    expect(one.json()).toMatchObject({ name: "two", stages: [{}, {}, { depth: 27 }, {}] });
  });

  test("--svg and --csv write the same as files", async () => {
    const folder = temporaryFolder();
    const [svg, csv] = [join(folder, "a.svg"), join(folder, "a.csv")];
    const words = ["--kernels", "31,63", "--centre", "3,5", "--stage", "0"];
    const { exit, stderr, json } = await run(
      ...["pelk_tiny", ...words, "--svg", svg, "--csv", csv, "--json"],
    );
    expect([exit, stderr]).toEqual([0, `wrote ${svg}\nwrote ${csv}\n`]);
    const picture = readFileSync(svg, "utf8");
    expect(picture).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="960"/);
    expect(picture).toContain("stage 0: time with gradients, predicted");
    expect(picture).toContain(">centre 3<");
    const { stages } = Exploration.parse(json());
    const sizes = stages[0]?.sizes ?? [];
    // 31 and 63 with both centres, and the declared 51.
    expect(sizes).toHaveLength(5);
    const [head = "", ...rows] = readFileSync(csv, "utf8").trimEnd().split("\r\n");
    const names = head.split(",");
    const cells = rows.map((line) =>
      Object.fromEntries(line.split(",").map((c, i) => [names[i], c])),
    );
    expect(
      cells.map((cell) => [
        cell["kernel_height"],
        cell["centre"],
        cell["pareto"],
        cell["params"],
        cell["predicted_training_us"],
        cell["measured_training_us"],
      ]),
    ).toEqual(
      sizes.map(({ kernel, centre, pareto, params, predicted }) =>
        [kernel[0], centre, pareto, params.dense, predicted.training, ""].map(String),
      ),
    );
  });

  test.each([
    ["--kernels", "50", "FOV0010", "use 49 or 51"],
    ["--kernels", "31..51/3", "FOV0010", "a step of 2 or 4"],
    ["--kernels", "31..51/1", "FOV0010", "use 31 or 33: a step of 2 keeps"],
    ["--kernels", "30..50", "FOV0010", "use 29 or 31"],
    ["--kernels", "1025", "FOV0040", "more than 1023"],
    ["--kernels", "31..1025/2", "FOV0040", "more than 1023"],
    ["--kernels", "151..31/4", "FOV0040", "write 31..151/4"],
    ["--kernels", "31..51/0", "FOV0040", "taps a step"],
    ["--kernels", "31,,51", "FOV0040", "not a positive whole number"],
    ["--kernels", "..51", "FOV0040", "not a positive whole number"],
    ["--kernels", "31...51", "FOV0040", "not a positive whole number"],
    ["--kernels", "-31", "FOV0040", "not a positive whole number"],
    ["--kernels", "", "FOV0040", "not a positive whole number"],
    ["--centre", "4", "FOV0011", "use 3 or 5"],
    ["--stage", "4", "FOV0040", "from 0 to 3"],
    ["--network", "other", "FOV0040", "pelk_tiny"],
    ["--target", "sm_70", "FOV0040", "sm_120"],
    ["--size", "31", "FOV0021", "at least 32 pixels"],
    ["--svg", "", "FOV0040", "names no file"],
    ["--csv", "/nowhere/at/all.csv", "FOV0051", "ENOENT"],
    ["--threads", "2", "FOV0040", "add --measure"],
    ["--device", "cpu", "FOV0040", "add --measure"],
  ])("%s %s is refused", async (option, value, code, text) => {
    const kernels = option === "--kernels" ? [] : ["--kernels", "51"];
    const { exit, stdout, stderr } = await run("pelk_tiny", ...kernels, `${option}=${value}`);
    expect([exit === 0, stdout]).toEqual([false, ""]);
    expect(stderr).toContain(code);
    expect(stderr).toContain(text);
  });

  test("CUDA is never replaced in silence, and predictions are for the device that measures", async () => {
    const folder = temporaryFolder();
    vi.stubEnv("CUDA_VISIBLE_DEVICES", "");
    const words = ["pelk_digits", "--kernels", "7", "--measure"];
    const cuda = await run(...words, "--device", "cuda", "--svg", join(folder, "a.svg"));
    expect([cuda.exit, cuda.stdout]).toEqual([2, ""]);
    expect(cuda.stderr).toContain("torch finds no CUDA device here");
    expect(existsSync(join(folder, "a.svg"))).toBe(false);
    const other = await run(...words, "--device", "cpu", "--target", "sm_90");
    expect(other.exit).toBe(2);
    expect(other.stderr).toContain("--target sm_90: times are measured on a CPU");
    vi.unstubAllEnvs();
  }, 300_000);

  test("--measure adds measured times", async () => {
    const words = ["--kernels", "7", "--stage", "1", "--batch", "1", "--rounds", "1"];
    const { exit, json, stderr } = await run(
      ...["pelk_digits", ...words, "--measure", "--device", "cpu", "--json"],
    );
    expect(exit, stderr).toBe(0);
    const { target, measuredOn, stages } = Exploration.parse(json());
    expect([target, measuredOn?.device, measuredOn?.dtype]).toEqual(["cpu", "cpu", "fp32"]);
    const times = stages[0]?.sizes.map(({ measured }) => measured?.training ?? 0) ?? [];
    expect(times).toHaveLength(2);
    for (const time of times) expect(time).toBeGreaterThan(0);
  }, 300_000);
});
