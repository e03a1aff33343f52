import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import * as check from "../../src/cli/commands/check.js";
import { runCommand } from "../support/command.js";
import { temporaryFolder } from "../support/temporary.js";

const IMPORT = 'import { classifier, dense, network, pelk, peripheral, stem } from "fovea";\n';
const declared = (mixer: string) => `export default network("mine", {
  input: { channels: 3, size: 64 },
  stem: stem.patchify({ stride: 4 }),
  depths: [2],
  widths: [16],
  mixers: [${mixer}],
  head: classifier(10),
});
`;

let folder: string;
const write = (name: string, text: string) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
};
const text = (name = "my.arch.ts") => readFileSync(join(folder, name), "utf8");
const run = (...words: string[]) => runCommand(check, ["check", ...words]);

beforeEach(() => {
  folder = temporaryFolder();
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  vi.stubEnv("GITHUB_WORKSPACE", "");
  write("package.json", "{}");
});

describe("fovea check", () => {
  const WIDE = `${IMPORT}const BRANCH = 5;\n${declared("peripheral({ kernel: 19, centre: 3, branch: BRANCH })")}`;

  test("tells warnings and notes at their places, and where the value is written", async () => {
    write("my.arch.ts", WIDE);
    const { exit, stdout } = await run("my.arch.ts");
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^my\.arch\.ts:8:56: warning FOV0200: mine: the 5×5 branch/m);
    expect(stdout).toContain("written at my.arch.ts:2:16");
    expect(stdout).toContain(">  8 |   mixers: [peripheral({ kernel: 19");
    expect(stdout).toMatch(/1 network: 0 errors, 1 warning, \d notes?/);
    expect((await run("my.arch.ts", "--strict")).exit).toBe(1);
  });

  test("--json has every check with its place", async () => {
    write("my.arch.ts", WIDE);
    const { json } = await run("my.arch.ts", "--json");
    const { networks, errors } = json() as {
      networks: {
        name: string;
        checks: {
          severity: string;
          code: string;
          location: { file: string; line: number };
          written: object | null;
        }[];
      }[];
      errors: unknown[];
    };
    expect(errors).toEqual([]);
    expect(networks[0]?.name).toBe("mine");
    expect(networks[0]?.checks[0]).toMatchObject({
      severity: "warning",
      code: "FOV0200",
      path: "mixers[0].branch",
      location: { file: join(folder, "my.arch.ts"), line: 8, column: 56 },
      written: { line: 2, column: 16 },
    });
  });

  test("a preset's values are told at its call, a shipped network's nowhere", async () => {
    write("my.arch.ts", `${IMPORT}export default pelk("tiny");\n`);
    const mine = await run("my.arch.ts");
    expect(mine.stdout).toMatch(/^my\.arch\.ts:2:1\d: note FOV0208/m);
    const shipped = await run("pelk_tiny");
    expect(shipped.stdout).toMatch(/^note FOV0208/m);
  });

  test("a mistake ends it as it ends inspect; several files are all told", async () => {
    write("my.arch.ts", `${IMPORT}${declared("dense({ kernel: 50 })")}`);
    write("good.arch.ts", `${IMPORT}${declared("dense({ kernel: 7 })")}`);
    const one = await run("my.arch.ts", "--json");
    expect([one.exit, one.json()]).toMatchObject([2, { error: { code: "FOV0010", line: 7 } }]);
    const both = await run("my.arch.ts", "good.arch.ts", "--json");
    expect(both.exit).toBe(2);
    expect(both.json()).toMatchObject({
      networks: [{ name: "mine" }],
      errors: [{ code: "FOV0010", file: "my.arch.ts" }],
    });
  });

  test("--format github annotates, with paths from the workspace and everything escaped", async () => {
    write("nets/my, arch.ts", WIDE);
    write("bad.arch.ts", `${IMPORT}${declared('dense({ kernel: "50%" })')}`);
    vi.stubEnv("GITHUB_WORKSPACE", folder);
    const { exit, stdout } = await run("nets/my, arch.ts", "bad.arch.ts", "--format", "github");
    expect(exit).toBe(2);
    const lines = stdout.trim().split("\n");
    expect(lines[0]).toMatch(
      /^::error file=bad\.arch\.ts,line=7,col=\d+,title=FOV0010::kernel cannot be "50%25"%0Afix%3A|^::error file=bad\.arch\.ts,line=7,col=\d+,title=FOV0010::kernel cannot be "50%25"%0Afix:/,
    );
    expect(lines[1]).toMatch(
      /^::warning file=nets\/my%2C arch\.ts,line=8,col=56,title=FOV0200::mine: mixers\[0\]\.branch: /,
    );
    for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) file=/);
  });
});

test("a peer is told to be left out", async () => {
  const { stderr, exit } = await run("timm:resnet50");
  expect([exit, stderr]).toEqual([0, expect.stringContaining("model of timm")]);
});

describe("fovea check --fix", () => {
  /** Files whose texts have pieces `«wrong|mended»`. */
  const CASES: Record<string, Record<string, string>> = {
    "an option": {
      "my.arch.ts": `${IMPORT}${declared("peripheral({ kernel: 51, «center|centre»: 5 }) /* ours */")}`,
    },
    "an option in shorthand": {
      "my.arch.ts": `${IMPORT}const kernal = 51;\n${declared("peripheral({ «kernal|kernel: kernal», centre: 5 })")}`,
    },
    "a word": {
      "my.arch.ts": `${IMPORT}${declared("peripheral({ kernel: 51, centre: 5, remainder: '«megre|merge»' })")}`,
    },
    "a size": { "my.arch.ts": `${IMPORT}export default pelk("«tinny|tiny»");\n` },
    "a number in quotes": { "my.arch.ts": `${IMPORT}${declared('dense({ kernel: «"51"|51» })')}` },
    "an even side": {
      "my.arch.ts": `${IMPORT}${declared("dense({ kernel: «50|51» }) /* why */")}`,
    },
    "an even side behind a constant of another file": {
      "my.arch.ts": `${IMPORT}import { K } from "./sizes.js";\n${declared("dense({ kernel: K })")}`,
      "sizes.ts": "export const K = «50|51»; // taps\n",
    },
    "an even side whose constant another value reads too": {
      "my.arch.ts": `${IMPORT}const N = 16;\nconst WIDTHS = [N];\n${declared("dense({ kernel: «N|17» })")}`,
    },
    "an even side in shorthand whose constant another value reads too": {
      "my.arch.ts": `${IMPORT}const kernel = 16;\nconst WIDTHS = [kernel];\n${declared("dense({ «kernel|kernel: 17» })")}`,
    },
    "the same mistake twice on a line": {
      "my.arch.ts": `${IMPORT}export default pelk("tiny", { mixers: [dense({ kernel: «50|51» }), dense({ kernel: «50|51» }), dense({ kernel: 7 }), dense({ kernel: 7 })] });\n`,
    },
    "an export of fovea, everywhere": {
      "my.arch.ts": 'import { «plek|pelk» } from "fovea";\nexport default «plek|pelk»("tiny");\n',
    },
    "an import that is missing": {
      "my.arch.ts": `import { classifier, network, «|peripheral, »stem } from "fovea";\n${declared("peripheral({ kernel: 51, centre: 5 })")}`,
    },
    "a file beside the one that was meant": {
      "my.arch.ts": `${IMPORT}import { K } from "«./sizs.js|./sizes.js»";\n${declared("dense({ kernel: K })")}`,
      "sizes.js": "export const K = 51;\n",
    },
    "several at once": {
      "my.arch.ts": `${IMPORT}${declared('peripheral({ «kernal|kernel»: «50|51», «center|centre»: «"5"|5» })')}`,
    },
    "CRLF and a byte order mark": {
      "my.arch.ts": `\ufeff${`${IMPORT}${declared("dense({ kernel: «50|51» })")}`.replaceAll("\n", "\r\n")}`,
    },
    "plain JavaScript": {
      "my.arch.js": `${IMPORT}${declared("dense({ kernel: «50|51» })")}`,
    },
  };
  test.each(Object.entries(CASES))("%s", async (_, files) => {
    const pick = (which: "$1" | "$2", each: string) => each.replace(/«([^|]*)\|([^»]*)»/g, which);
    for (const [name, each] of Object.entries(files)) write(name, pick("$1", each));
    const main = Object.keys(files)[0] ?? "";
    const { exit, stdout, stderr } = await run(main, "--fix");
    for (const [name, each] of Object.entries(files)) expect(text(name)).toBe(pick("$2", each));
    expect(exit).toBe(0);
    expect(stdout).toContain("(mended)");
    expect(stderr).toMatch(/mended \d mistakes?/);
    const again = await run(main, "--fix", "--json");
    expect(again.json()).toMatchObject({ fixes: [] });
  });

  test("what is not mechanical stays, and what was mended before it is kept", async () => {
    write("my.arch.ts", `${IMPORT}${declared("peripheral({ kernel: 50, centre: 55 })")}`);
    const { exit, stderr } = await run("my.arch.ts", "--fix");
    expect(exit).toBe(2);
    expect(stderr).toContain("FOV0011");
    expect(text()).toContain("kernel: 51, centre: 55");
  });

  test("an unlikely word is not replaced by one that is allowed", async () => {
    const wrong = `${IMPORT}${declared('peripheral({ kernel: 51, centre: 5, remainder: "whatever" })')}`;
    write("my.arch.ts", wrong);
    expect((await run("my.arch.ts", "--fix")).exit).toBe(2);
    expect(text()).toBe(wrong);
  });

  test("a read-only file is refused, and nothing is written", async () => {
    const wrong = `${IMPORT}import { K } from "./sizes";\n${declared("dense({ kernel: K, brunch: 5 })")}`;
    write("my.arch.ts", wrong);
    write("sizes.ts", "export const K = 50;\n");
    chmodSync(join(folder, "sizes.ts"), 0o444);
    const { exit, stderr } = await run("my.arch.ts", "--fix");
    expect(exit).toBe(2);
    expect(stderr).toContain("FOV0250");
    expect([text(), text("sizes.ts")]).toEqual([wrong, "export const K = 50;\n"]);
  });
});
