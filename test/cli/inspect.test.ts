import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { account, type Card } from "../../src/analyse/account.js";
import * as inspect from "../../src/cli/commands/inspect.js";
import { shippedNetworks } from "../../src/dsl/zoo/shipped.js";
import { runCommand } from "../support/command.js";

const folder = mkdtempSync(join(tmpdir(), "fovea-inspect-"));
afterAll(() => rmSync(folder, { recursive: true }));
const run = (...words: string[]) => runCommand(inspect, ["inspect", ...words]);
const pelk = shippedNetworks["pelk_tiny"];

const declare = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
const NETWORK = (name: string) => `network("${name}", {
  input: { channels: 3, size: 32 }, stem: stem.patchify({ stride: 4 }), depths: [1], widths: [16], mixers: [dense({ kernel: 7 })], head: classifier(10),
})`;
const HEAD = `import { classifier, dense, network, stem } from "fovea";\n`;

describe("fovea inspect", () => {
  test("--json prints the card of a shipped network", async () => {
    const { exit, stderr, json } = await run("pelk_tiny", "--json");
    expect([exit, stderr]).toEqual([0, ""]);
    const card = json() as Card;
    expect(card).toMatchObject({
      name: "pelk_tiny",
      input: { channels: 3, size: [224, 224] },
      params: { dense: 48_739_822, embedding: 819_228 },
      macs: { dense: 9_735_277_828 },
    });
    expect(pelk).toBeDefined();
    if (pelk !== undefined) expect(card).toEqual(JSON.parse(JSON.stringify(account(pelk()))));
  });

  test("--size counts at another image size", async () => {
    const { json } = await run("pelk_base", "--size", "384", "--json");
    expect(json()).toMatchObject({ input: { size: [384, 384] }, macs: { dense: 90_207_043_352 } });
    const wide = await run("pelk_tiny", "--size", "512x2048", "--json");
    expect(wide.json()).toMatchObject({ input: { size: [512, 2048] } });
  });

  test.each(["0", "-32", "224.5", "NaN", "1e3", "", "224x", "31", "20x640", "65537", "huge"])(
    "--size %j is named and refused",
    async (size) => {
      const { exit, stdout, stderr } = await run("pelk_tiny", "--size", size);
      expect([exit, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(`--size ${size === "" ? '""' : size}`);
    },
  );

  test("the text has stages, totals side by side and checks", async () => {
    const { exit, stdout } = await run("pelk_tiny");
    expect(exit).toBe(0);
    for (const text of ["48,739,822", "819,228", "9 8 4 2 1 1 1", "stages.3", "note FOV0208: "]) {
      expect(stdout).toContain(text);
    }
  });

  test("one network prints its card alone, several print a list", async () => {
    const one = declare("one.arch.ts", `${HEAD}export default [${NETWORK("one")}];\n`);
    expect((await run(one, "--json")).json()).toMatchObject({ name: "one" });
    const two = declare(
      "two.arch.ts",
      `${HEAD}export default [${NETWORK("a")}, ${NETWORK("b")}];\n`,
    );
    const { stdout, json } = await run(two, "--json");
    expect(json()).toMatchObject({ networks: [{ name: "a" }, { name: "b" }] });
    expect(stdout.trim().split("\n")).toHaveLength(1);
    const text = (await run(two)).stdout;
    expect(text.indexOf("a  input")).toBeLessThan(text.indexOf("b  input"));
  });

  test("--layers adds a row a layer", async () => {
    const { exit, stdout } = await run("pelk_tiny", "--layers");
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^stages\.3\.blocks\.2\.project +linear +998×3992 /m);
    expect((await run("pelk_tiny")).stdout).not.toContain("blocks.2.project");
  });

  test.each([
    [[], /inspect has no file/],
    [["pelk_tiny", "pelk_base"], /--compare pelk_tiny pelk_base/],
    [["pelk_tiny", "--format", "csv"], /--format csv/],
  ])("inspect %j is refused", async (words, message) => {
    const { exit, stdout, stderr } = await run(...words);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  test("an unknown name is the user's mistake", async () => {
    const { exit, stdout, stderr } = await run("pelk_tinny");
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("pelk_tinny");
  });
});

describe("fovea inspect --compare", () => {
  test("prints a row a network, at --size", async () => {
    const { exit, stdout } = await run("--compare", "pelk_tiny", "pelk_base", "--size", "384");
    expect(exit).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/^pelk_base +384×384 +150\.22 M +×3\.08 .*90\.207 G .*54\.0 G/);
  });

  test("--json prints the cards", async () => {
    const { json } = await run("pelk_tiny", "--compare", "pelk_base", "--json");
    const { networks } = json() as { networks: Card[] };
    expect(networks.map(({ name }) => name)).toEqual(["pelk_tiny", "pelk_base"]);
    const alone = (await run("pelk_tiny", "--json")).json();
    expect(networks[0]).toEqual(alone);
  });

  test("a file of several networks is as many rows", async () => {
    const file = declare(
      "pair.arch.ts",
      `${HEAD}export default [${NETWORK("a")}, ${NETWORK("b")}];\n`,
    );
    const { stdout } = await run("--compare", file, "--format", "csv");
    expect(stdout.split("\r\n").map((line) => line.split(",")[0])).toEqual([
      "network",
      "a",
      "b",
      "",
    ]);
  });

  test("--format latex escapes names", async () => {
    const { stdout } = await run("--compare", "pelk_tiny", "pelk_base", "--format", "latex");
    expect(stdout).toContain("pelk\\_tiny & ");
    expect(stdout).toContain("\\toprule");
  });

  test.each([
    [[], /no network/],
    [["pelk_tiny"], /one network, pelk_tiny/],
    [["pelk_tiny", "pelk_bsae"], /did you mean pelk_base/],
    [["pelk_tiny", "pelk_base", "--format", "html"], /table, csv, latex/],
    [["pelk_tiny", "pelk_base", "--layers"], /--layers and --compare/],
    [["pelk_tiny", "pelk_base", "--size", "31"], /--size 31/],
  ])("%j is refused", async (words, message) => {
    const { exit, stdout, stderr } = await run("--compare", ...words);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  test("--json and --format exclude each other", async () => {
    const { exit, json } = await run("--compare", "pelk_tiny", "demo", "--format", "csv", "--json");
    expect(exit).toBe(2);
    expect(json()).toMatchObject({ error: { code: "FOV0040", path: "--format" } });
  });
});
