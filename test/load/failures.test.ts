import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { HERE, here, INTERNAL, mistake, project } from "./project.js";

const IMPORTS = `import { dense, network, peripheral, pelk, stem, classifier } from "fovea";\n`;
/** A declaration that is wrong at {@link HERE}. */
const WRONG = `${IMPORTS}export default pelk("tiny", {\n  widen: ${HERE}0,\n});\n`;

/** Loads `main.ts` and expects a mistake at the comment in one of the files. */
async function expectHere(files: Record<string, string>, code: string, folder?: string) {
  const [name, text] = Object.entries(files).find(([, each]) => each.includes(HERE)) ?? [];
  const error = await mistake(project(files, folder));
  expect(error.text).not.toMatch(INTERNAL);
  expect(error).toMatchObject({ code, file: name, ...here(text ?? "") });
  expect(error.allowed).toBeTruthy();
  expect(error.fix).toBeTruthy();
  return error;
}

describe("where an option was written", () => {
  test.each([
    [
      "in the call of a mixer within the network",
      `${IMPORTS}export default pelk("tiny", { mixers: [\n  peripheral({\n    centre: 5,\n    kernel: ${HERE}50,\n  }),\n] } as any);`,
    ],
    [
      "in an entry that the network finds wrong",
      `${IMPORTS}export default pelk("tiny", { widths: [8, 1, 1, 1], mixers: [\n  dense({ kernel: 3 }),\n  dense({ kernel: 3,\n    partial: ${HERE}0.1 }), dense({ kernel: 3 }), dense({ kernel: 3 })] });`,
    ],
    [
      "an entry that is a variable",
      `${IMPORTS}const thin = dense({ kernel: 3, partial: 0.1 });\nexport default pelk("tiny", { widths: [8, 1, 1, 1], mixers: [\n  thin,\n  ${HERE}thin, thin, thin] });`,
    ],
    [
      "a shorthand",
      `${IMPORTS}const widen = 0;\nexport default pelk("tiny", {\n  ${HERE}widen,\n});`,
    ],
    [
      "a variable",
      `${IMPORTS}const none = 0;\nexport default pelk("tiny", {\n  widen: ${HERE}none,\n});`,
    ],
    [
      "a spread: the call",
      `${IMPORTS}const options = {\n  widen: 0,\n};\nexport default ${HERE}pelk("tiny", {\n  ...options,\n});`,
    ],
    [
      "options from elsewhere: the call",
      `${IMPORTS}const options = {\n  widen: 0,\n};\nexport default ${HERE}pelk(\n  "tiny",\n  options,\n);`,
    ],
    [
      "behind a spread list: the list",
      `${IMPORTS}const all = [8, 0, 8, 8] as const;\nexport default pelk("tiny", {\n  widths: ${HERE}[...all],\n});`,
    ],
    ["under a quoted key", `${IMPORTS}export default pelk("tiny", {\n  "widen": ${HERE}0,\n});`],
    [
      "under a computed key",
      `${IMPORTS}export default pelk("tiny", {\n  ["widen"]: ${HERE}0,\n});`,
    ],
    [
      "written twice: the last",
      `${IMPORTS}export default pelk("tiny", {\n  widen: 1, ...({}),\n  ["widen"]: ${HERE}0,\n} as any);`,
    ],
    [
      "with types around it",
      `${IMPORTS}export default pelk("tiny", ({\n  widths: [1, 2, 3, ${HERE}0 as number] satisfies number[],\n} as any));`,
    ],
    [
      "under an alias",
      `import { pelk as preset } from "fovea";\nexport default preset("tiny", {\n  widen: ${HERE}0,\n});`,
    ],
    [
      "under a namespace",
      `import * as fovea from "fovea";\nexport default fovea\n  .pelk("tiny", {\n    widen: ${HERE}0,\n  });`,
    ],
    [
      "under a default import",
      `import fovea from "fovea";\nexport default fovea.pelk("tiny", {\n  widen: ${HERE}0,\n});`,
    ],
    [
      "in a callback",
      `${IMPORTS}const sides = [51, 49, 47, 14];\nexport default pelk("tiny", { mixers: sides.map((kernel) =>\n  peripheral({\n    ${HERE}kernel,\n    centre: 5,\n  })) as any });`,
    ],
    [
      "in a function of the user's",
      `${IMPORTS}function mixer(side: number) {\n  return dense({\n    kernel: ${HERE}side,\n  });\n}\nexport default pelk("tiny", { mixers: [3, 4].map(mixer) as any });`,
    ],
    [
      "in an asynchronous function",
      `${IMPORTS}async function net() {\n  await null;\n  return pelk("tiny", {\n    widen: ${HERE}0,\n  });\n}\nexport default await net();`,
    ],
    [
      "one of two calls on a line",
      `${IMPORTS}export default [pelk("tiny"), pelk("small", { widen: ${HERE}0 })];`,
    ],
    [
      "behind types that vanish",
      `${IMPORTS}interface A {\n  a: string;\n}\ntype B<T extends {\n  b: A;\n}> = T;\nconst c: B<{\n  b: A;\n}> = {\n  b: { a: "" } as\n    A,\n};\nfunction d<T extends\n  A>(x: T,\n  y?:\n    string): T {\n  return x;\n}\nd<\n  A>(c.b);\nexport default pelk("tiny", {\n  widen: (\n    ${HERE}0 as\n    number),\n});`,
    ],
    [
      "with generics written out",
      `${IMPORTS}export default network<\n  readonly number[],\n  readonly number[],\n  any\n>("a", {\n  input: { channels: 1, size: 8 },\n  stem: stem.patchify({ stride: ${HERE}0 }), depths: [1], widths: [1], mixers: [],\n  head: classifier(1),\n} as any);`,
    ],
    ["in a file with tabs", `${IMPORTS}export default pelk("tiny", {\n\twiden:\t${HERE}0,\n});`],
    ["in a file with CRLF", WRONG.replaceAll("\n", "\r\n")],
    ["in a file with #!", `#!/usr/bin/env fovea\n${WRONG}`],
    [
      "in a file of one line",
      `import { pelk } from "fovea"; export default pelk("tiny", { widen: ${HERE}0 });`,
    ],
    ["in a file that needs import.meta", `void import.meta;\n${WRONG}`],
    [
      "below letters of two units",
      `${IMPORTS}const brain = "🧠"; export default pelk("tiny", { description: "🧠🧠", widen: ${HERE}0 });`,
    ],
  ])("%s", async (_where, text) => {
    await expectHere(
      { "main.ts": text },
      text.includes("50") || text.includes("kernel,") || text.includes("side,")
        ? "FOV0010"
        : text.includes("0.1")
          ? "FOV0013"
          : "FOV0001",
    );
  });

  test("a byte-order mark counts as nothing", async () => {
    const error = await mistake(project({ "main.ts": `\ufeff${WRONG}` }));
    expect(error).toMatchObject({ code: "FOV0001", ...here(WRONG) });
    const line = `import { pelk } from "fovea"; export default pelk("tiny", { widen: ${HERE}0 });`;
    expect(await mistake(project({ "main.ts": `\ufeff${line}` }))).toMatchObject(here(line));
  });

  test("in a helper, which is the file that is named", async () => {
    await expectHere(
      { "main.ts": `import net from "./lib/net.js";\nexport default net;\n`, "lib/net.ts": WRONG },
      "FOV0001",
    );
  });

  test("in a module of plain JavaScript", async () => {
    await expectHere(
      { "main.ts": `import net from "./net.mjs";\nexport default net;\n`, "net.mjs": WRONG },
      "FOV0001",
    );
  });

  test.each(["a b (c) [d] 100%#1?&", "größe-模型-🧠", "a:3:4"])(
    "below the folder %s",
    async (folder) => {
      await expectHere({ "main.ts": WRONG }, "FOV0001", folder);
    },
  );

  test("through a symbolic link, by the name that was given", async () => {
    const root = project({ "real/main.ts": WRONG });
    symlinkSync(join(root, "real/main.ts"), join(root, "link.ts"));
    expect(await mistake(root, "link.ts")).toMatchObject({ file: "link.ts", ...here(WRONG) });
  });

  test("outside the working directory, by the whole path", async () => {
    const root = project({ "main.ts": WRONG });
    mkdirSync(join(root, "deep"));
    const error = await mistake(join(root, "deep"), "../main.ts");
    expect(error.file).toBe(join(root, "main.ts"));
  });
});

describe("files that do not load", () => {
  test.each<[string, string, Record<string, string>]>([
    [
      "a syntax error",
      "FOV0031",
      { "main.ts": `${IMPORTS}export default pelk("tiny" ${HERE}{});` },
    ],
    [
      "a syntax error in a helper",
      "FOV0031",
      { "main.ts": `import "./h.js";`, "h.ts": `const a = 1;\nconst b = (${HERE};\n` },
    ],
    [
      "a broken regular expression",
      "FOV0031",
      { "main.ts": `const a: number = 1;\nexport default ${HERE}/(/;` },
    ],
    [
      "broken JSON",
      "FOV0031",
      { "main.ts": `import x from "./x.json";\nexport default x;`, "x.json": `{\n  "a" ${HERE}}` },
    ],
    [
      "a missing file",
      "FOV0032",
      {
        "main.ts": `import type { A } from "./nothing.js";\n${HERE}import {\n  a,\n} from "./missing.js";\nexport default a as A;`,
      },
    ],
    [
      "a missing package, in a helper",
      "FOV0032",
      {
        "main.ts": `import "./h.js";`,
        "h.ts": `const a = 1;\n\n${HERE}import b from "no-such-package";\nexport default [a, b];`,
      },
    ],
    [
      "a missing file that is exported from",
      "FOV0032",
      { "main.ts": `\n${HERE}export { default } from "./missing.js";` },
    ],
    [
      "a missing file imported for its effect",
      "FOV0032",
      { "main.ts": `const a = 1;\n${HERE}import "./missing.js";\nexport default a;` },
    ],
    [
      "a missing file imported late",
      "FOV0032",
      { "main.ts": `const { a } = await ${HERE}import("./missing.js");\nexport default a;` },
    ],
    [
      "a missing file that nothing of is used",
      "FOV0032",
      {
        "main.ts": `import { A } from "./types";\nimport { type B } from "./gone";\n/*\nimport c from "./c";\n*/\n${HERE}import { d } from "./missing.js";\n${IMPORTS}const a: A | B = 1;\nexport default pelk("tiny");`,
        "types.d.ts": "export type A = number;",
      },
    ],
    [
      "a missing package that nothing of is used, in a helper",
      "FOV0032",
      {
        "main.ts": `import "./h.js";\n${IMPORTS}export default pelk("tiny");`,
        "h.ts": `${HERE}import b from "no-such-package";\nimport { sep } from "node:path";\nexport const a = 1;`,
      },
    ],
    [
      "a module that Node does not have",
      "FOV0032",
      { "main.ts": `const a = 1;\n${HERE}import b from "node:nothing";\nexport default [a, b];` },
    ],
    [
      "a name that fovea does not export",
      "FOV0032",
      {
        "main.ts": `import { network, ${HERE}perpheral } from "fovea";\nexport default [network, perpheral({})];`,
      },
    ],
    [
      "a name that fovea does not have",
      "FOV0032",
      { "main.ts": `import * as fovea from "fovea";\nexport default fovea.${HERE}perpheral({});` },
    ],
    [
      "an error",
      "FOV0033",
      {
        "main.ts": `interface A {\n  a: 1;\n}\nfunction f(x: A): never {\n  throw ${HERE}new TypeError("boom");\n}\nexport default f({ a: 1 });`,
      },
    ],
    [
      "an error in a helper's function",
      "FOV0033",
      {
        "main.ts": `import { f } from "./h.js";\nexport default f();`,
        "h.ts": `export const f = () => {\n  throw ${HERE}new Error("boom");\n};`,
      },
    ],
    [
      "an error after an await",
      "FOV0033",
      {
        "main.ts": `await new Promise((done) => setTimeout(done, 2));\nthrow ${HERE}new Error("late");`,
      },
    ],
    [
      "an error in a promise that nobody awaits",
      "FOV0033",
      { "main.ts": `void Promise.reject(${HERE}new Error("unheard"));\nexport default 1;` },
    ],
    [
      "an error in a timer",
      "FOV0033",
      {
        "main.ts": `setTimeout(() => {\n  throw ${HERE}new Error("tick");\n}, 1);\nawait new Promise((done) => setTimeout(done, 200));\nexport default 1;`,
      },
    ],
    [
      "an error of CommonJS",
      "FOV0033",
      {
        "main.ts": `import "./h.cjs";\nexport default 1;`,
        "h.cjs": `exports.a = 1;\nthrow ${HERE}new Error("old");`,
      },
    ],
    [
      "a getter that throws",
      "FOV0033",
      {
        "main.ts": `${IMPORTS}export default pelk("tiny", {\n  get widen(): number {\n    throw ${HERE}new Error("no");\n  },\n});`,
      },
    ],
    [
      "recursion without end",
      "FOV0033",
      { "main.ts": `function f(): number ${HERE}{ return f() + 1; }\nexport default f();` },
    ],
    ["process.exit", "FOV0033", { "main.ts": `\n${HERE}process.exit(0);` }],
    [
      "a network that is changed",
      "FOV0033",
      {
        "main.ts": `${IMPORTS}const net = pelk("tiny");\nnet.${HERE}name = "other";\nexport default net;`,
      },
    ],
  ])("%s", async (what, code, files) => {
    // Of these, the engine's own column is not the statement's.
    const lineOnly = ["recursion without end", "a network that is changed"].includes(what);
    if (!lineOnly) return void (await expectHere(files, code));
    const error = await mistake(project(files));
    expect(error).toMatchObject({ code, line: here(files["main.ts"] ?? "").line });
    expect(error.text).not.toMatch(INTERNAL);
  });

  test("a thrown value that is no Error names the file alone, the helper's where it is that", async () => {
    const error = await mistake(project({ "main.ts": `throw { a: "\u001b[31m" };` }));
    expect(error).toMatchObject({ code: "FOV0033", file: "main.ts", line: null, column: null });
    const helped = await mistake(
      project({ "main.ts": `import "./h.js";`, "h.ts": `throw "text";` }),
    );
    expect(helped).toMatchObject({ file: "h.ts", line: null, value: "text" });
    expect(helped.text.split("\n")[0]).toMatch(/^h\.ts: error FOV0033: .*"text"/);
  });

  test("a thrown object's getters are not asked", async () => {
    const text =
      "throw { get message() { throw new Error(); }, get code() { throw new Error(); } };";
    expect(await mistake(project({ "main.ts": text }))).toMatchObject({ code: "FOV0033" });
  });

  test("what a file adds to every object is gone with it", async () => {
    const error = await mistake(
      project({ "main.ts": `(Object.prototype as any).colour = 1;\n${WRONG}` }),
    );
    // zod counts inherited options too: the mistake is told of at the call.
    expect(error).toMatchObject({ file: "main.ts", line: 3 });
    expect("colour" in {}).toBe(false);
  });

  test("a thrown proxy is asked nothing", async () => {
    const trap = "() => { throw new Error(); }";
    const text = `throw new Proxy({}, { get: ${trap}, has: ${trap}, getPrototypeOf: ${trap} });`;
    const error = await mistake(project({ "main.ts": text }));
    expect(error).toMatchObject({ code: "FOV0033", file: "main.ts", line: null });
  });

  test("a misspelt helper is offered by its name", async () => {
    const error = await mistake(project({ "main.ts": `import "./helpr.ts";`, "helper.ts": "" }));
    expect(error).toMatchObject({
      code: "FOV0032",
      value: "./helpr.ts",
      fix: 'import "./helper.ts"',
    });
    const beside = project({ "main.ts": `import "./h";`, e: "no source" });
    expect((await mistake(beside)).fix).toBe("look at the spelling, or install the package");
  });
});

describe("files that declare nothing", () => {
  const cases: [string, string, string][] = [
    ["no default export", `${IMPORTS}export const net = pelk("tiny");`, "write export default net"],
    ["nothing at all", "const a = 1;", "write export default network(…)"],
    ["a function", `${IMPORTS}export default () => pelk("tiny");`, "call the function"],
    ["a promise", `${IMPORTS}export default Promise.resolve(pelk("tiny"));`, "await the promise"],
    ["a mixer", `${IMPORTS}export default dense({ kernel: 3 });`, "network() or experiment()"],
    ["null", "export default null;", "network() or experiment()"],
    ["text", 'export default "pelk_tiny";', "network() or experiment()"],
    ["an empty list", "export default [];", "put a network in the list"],
    [
      "a list with a hole",
      `${IMPORTS}export default [pelk("tiny"), , ];`,
      "network() or experiment()",
    ],
    [
      "a list with something else",
      `${IMPORTS}export default [pelk("tiny"), 3];`,
      "network() or experiment()",
    ],
  ];
  test.each(cases)("%s", async (_what, text, fix) => {
    const error = await mistake(project({ "main.ts": text }));
    expect(error).toMatchObject({ code: "FOV0034", file: "main.ts", line: expect.any(Number) });
    expect(error.fix).toContain(fix);
    expect(error.text).not.toMatch(INTERNAL);
  });

  test("two networks of one name", async () => {
    const text = `${IMPORTS}\n${HERE}export default [pelk("tiny"), pelk("small", { name: "pelk_tiny" })];`;
    const error = await expectHere({ "main.ts": text }, "FOV0005");
    expect(error).toMatchObject({ path: "[1].name", value: "pelk_tiny" });
  });

  test("a network that was written by hand is checked", async () => {
    const text = `${IMPORTS}${HERE}export default { ...pelk("tiny"), widen: 0 };`;
    expect(await expectHere({ "main.ts": text }, "FOV0001")).toMatchObject({ path: "widen" });
    const list = `${IMPORTS}${HERE}export default [{ ...pelk("tiny"), widths: [1] }];`;
    expect(await expectHere({ "main.ts": list }, "FOV0020")).toMatchObject({ path: "[0].widths" });
  });
});

describe("what is no file to load", () => {
  test("a name that is neither is answered with the nearest shipped ones", async () => {
    const error = await mistake(project({}), "pelk_tinny");
    expect(error).toMatchObject({ code: "FOV0030", value: "pelk_tinny", file: null });
    expect(error.fix).toContain("pelk_tiny");
    expect(error.allowed).toContain("pelk_base");
    expect((await mistake(project({}), "nets/none.ts")).code).toBe("FOV0030");
  });

  test("a folder, a binary file, an empty file, another language", async () => {
    const root = project({
      "a.ts/b": "",
      "binary.ts": "a\0b",
      "empty.ts": " \n",
      "net.py": "x = 1",
    });
    expect(await mistake(root, "a.ts")).toMatchObject({
      code: "FOV0030",
      message: "the file is a folder",
    });
    expect(await mistake(root, "binary.ts")).toMatchObject({
      message: "the file is a binary file",
    });
    expect(await mistake(root, "empty.ts")).toMatchObject({
      code: "FOV0034",
      message: "the file is empty",
    });
    expect(await mistake(root, "net.py")).toMatchObject({
      message: "the file is no TypeScript file",
    });
  });

  test.skipIf(process.getuid?.() === 0)("a file that may not be read", async () => {
    const root = project({ "main.ts": "" });
    chmodSync(join(root, "main.ts"), 0);
    const error = await mistake(root);
    expect(error).toMatchObject({
      code: "FOV0030",
      message: "the file cannot be read: permission denied",
    });
  });
});

test.each([
  ['recipe.slk("tiny")', "recipe.slk is not a function", "write recipe.slak"],
  ["sparsity.peelk()", "sparsity.peelk is not a function", "write sparsity.pelk"],
  [
    "recipe.digits.train()",
    "recipe.digits.train is not a function",
    "mend what throws at this place",
  ],
])("%s is told as it was written", async (call, message, fix) => {
  const told = await mistake(
    project({
      "main.ts": `import { recipe, sparsity } from "fovea";\nexport default [sparsity, recipe, ${call}];`,
    }),
  );
  expect(told.message).toContain(`throws TypeError: ${message}`);
  expect(told.fix).toBe(fix);
});
