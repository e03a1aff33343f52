import { realpathSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { planRetarget } from "../../../src/harness/retarget/plan-retarget.js";
import type { RetargetRequest, StageChange } from "../../../src/harness/retarget/request.js";
import { isFoveaError } from "../../../src/ir/error.js";
import { toSize } from "../../../src/ir/grid.js";
import { loadTarget } from "../../../src/load/load-target.js";
import { project } from "../../load/project.js";

type Kernel = number | [number, number] | undefined;

interface Asked extends Partial<Pick<RetargetRequest, "network" | "override" | "split">> {
  readonly kernels?: readonly Kernel[];
  readonly stages?: readonly (StageChange | undefined)[];
  readonly resolution?: readonly [number, number];
}

const plan = (root: string, asked: Asked, target = "main.ts") => {
  const { kernels = [], resolution, network, override = false, split = false } = asked;
  const stages =
    asked.stages ?? kernels.map((k) => (k === undefined ? undefined : { kernel: toSize(k) }));
  const ask = () => ({ stages, ...(resolution && { resolution }) });
  return planRetarget({ target, cwd: root, network, ask, override, split, note: () => {} });
};

const IMPORT = `import { classifier, dense, grid, network, pelk, peripheral, stem, stripes } from "fovea";\n`;
const FRAME =
  "input: { channels: 3, size: 224 }, stem: stem.patchify({ stride: 4 }), head: classifier(10)";
/** A network of two stages. */
const net = (mixers: string, name = "mine") =>
  `network("${name}", { ${FRAME}, depths: [1, 2], widths: [16, 32], mixers: ${mixers} })`;
const two = (first: string, second = "13") =>
  net(
    `[peripheral({ kernel: ${first}, centre: 5 }), peripheral({ kernel: ${second}, centre: 5 })]`,
  );

/** Files before; a file's text after, for those that change. */
interface Case {
  readonly files: Record<string, string>;
  readonly asked: Asked;
  readonly after: Record<string, string>;
  readonly target?: string;
}

/** One file whose text has pieces `«before|after»`. */
function edited(text: string, asked: Asked, others: Record<string, string> = {}): Case {
  const all = { "main.ts": text, ...others };
  const pick = (which: "$1" | "$2") => (each: string) => each.replace(/«([^|]*)\|([^»]*)»/g, which);
  const files = Object.fromEntries(Object.entries(all).map(([k, v]) => [k, pick("$1")(v)]));
  const changed = Object.entries(all).filter(([, v]) => v.includes("«"));
  return { files, asked, after: Object.fromEntries(changed.map(([k, v]) => [k, pick("$2")(v)])) };
}

const only = (text: string, others?: Record<string, string>) =>
  edited(text, { kernels: [61, undefined] }, others);
const main = (before: string, first = "K") => `${IMPORT}${before}\nexport default ${two(first)};\n`;

const CASES: Record<string, Case> = {
  "a literal": only(`${IMPORT}export default ${two("«51|61»")};\n`),
  "a literal with comments and odd spaces around it": only(
    `${IMPORT}export default ${two("/* big */«51|61»  // why\n")};\n`,
  ),
  "a hexadecimal literal": only(`${IMPORT}export default ${two("«0x33|61»")};\n`),
  "a constant": only(main("const K = «51|61»;")),
  "a constant behind another": only(main("const A = «51|61»;\nconst K = A;")),
  "a typed constant": only(main("const K: «51|61» = «51|61»;")),
  "a constant whose type is a union": only(main("const K: «51|61» | 49 = «51|61»;")),
  "a constant whose type has a name": only(
    main("type Side = 51 | 49«| | 61»;\nconst K: Side = «51|61»;"),
  ),
  "a typed tuple": only(
    main("const SIDES: readonly [«51|61», 49] = [«51|61», 49];\nconst K = SIDES[0];"),
  ),
  satisfies: only(
    main("const sizes = { big: «51|61» } satisfies Record<string, number>;", "sizes.big"),
  ),
  "as const": only(main("const sizes = [«51|61», 49] as const;", "sizes[0]")),
  "an enum": only(main("enum Side { Big = «51|61», Small = 13 }", "Side.Big")),
  "a const enum": only(main("const enum Side { Big = «51|61» }", "Side.Big")),
  "a template literal": only(main("const K = Number(`«51|61»`);")),
  "digits in a text": only(
    main(`const [K] = "«51|61»,49".split(",").map(Number) as [number, number];`),
  ),
  "a spread object": only(
    `${IMPORT}const big = { kernel: «51|61», centre: 5 } as const;\nexport default ${net(
      "[peripheral({ ...big }), peripheral({ kernel: 13, centre: 5 })]",
    )};\n`,
  ),
  "a spread list": only(
    `${IMPORT}const first = [peripheral({ kernel: «51|61», centre: 5 })] as const;\nexport default ${net(
      "[...first, peripheral({ kernel: 13, centre: 5 })]",
    )};\n`,
  ),
  "destructuring with a default": only(main("const { K = «51|61» }: { K?: number } = {};")),
  destructuring: only(main("const { K } = { K: «51|61» };")),
  "the rest of a list": only(main("const [, ...rest] = [7, «51|61»];\nconst K = rest[0] ?? 7;")),
  "a map": only(
    main(`const sides = new Map([["big", «51|61»], ["small", 13]]);`, `sides.get("big") ?? 7`),
  ),
  "a class's field": only(main("class Sides { static readonly big = «51|61»; }", "Sides.big")),
  "a helper's default": only(
    `${IMPORT}const big = (kernel = «51|61») => peripheral({ kernel, centre: 5 });\nexport default ${net(
      "[big(), big(13)]",
    )};\n`,
  ),
  "a helper's argument": only(
    `${IMPORT}const of = (kernel: number) => peripheral({ kernel, centre: 5 });\nexport default ${net(
      "[of(«51|61»), of(13)]",
    )};\n`,
  ),
  "a list that is mapped": only(
    `${IMPORT}const sides = [«51|61», 13] as const;\nexport default ${net(
      "[peripheral({ kernel: sides[0], centre: 5 }), peripheral({ kernel: sides[1], centre: 5 })]",
    )};\n`,
  ),
  "a conditional": only(main("const large = true;\nconst K = large ? «51|61» : 31;")),
  "another file": only(main(`import { K } from "./sizes";`), {
    "sizes.ts": "// ours\nexport const K = «51|61»;\n",
  }),
  "a re-export": only(main(`import { K } from "./index.js";`), {
    "index.ts": `export * from "./sizes.js";\n`,
    "sizes.ts": `export { side as K } from "./side";\n`,
    "side.ts": "export const side = «51|61»;\n",
  }),
  "a namespace": only(main(`import * as sizes from "./sizes";`, "sizes.K"), {
    "sizes.ts": "export const K = «51|61»;\n",
  }),
  "a default-exported arrow function": only(main(`import side from "./side";\nconst K = side();`), {
    "side.ts": "export default () => «51|61»;\n",
  }),
  JSON: only(main(`import sizes from "./sizes.json";`, "sizes.big"), {
    "sizes.json": '{\n  "big": «51|61»,\n  "small": 13\n}\n',
  }),
  "a JavaScript helper": only(main(`import { K } from "./sizes.js";`), {
    "sizes.js": "export const K = «51|61»;\n",
  }),
  "a CommonJS helper": only(main(`import { K } from "./sizes.cjs";`), {
    "sizes.cjs": "exports.K = «51|61»;\n",
  }),
  "CRLF and a byte order mark": only(
    `\ufeff${main("const K = «51|61»; // size").replaceAll("\n", "\r\n")}`,
  ),
  "a constant of one stage that another has too": edited(
    `${IMPORT}const K = 51;\nexport default ${net(
      "[peripheral({ kernel: K, centre: 5 }), peripheral({ kernel: «K|45», centre: 5 })]",
    )};\n`,
    { kernels: [undefined, 45] },
  ),
  "a shorthand that stages share": edited(
    `${IMPORT}const kernel = 51;\nexport default ${net(
      "[peripheral({ kernel, centre: 5 }), peripheral({ «kernel|kernel: 45», centre: 5 })]",
    )};\n`,
    { kernels: [undefined, 45] },
  ),
  "a mixer that stages share": edited(
    `${IMPORT}const one = peripheral({ kernel: 51, centre: 5 });\nexport default ${net(
      "[one, «one|peripheral({ kernel: 45, centre: 5 })»]",
    )};\n`,
    { kernels: [undefined, 45] },
  ),
  "options that stages share": edited(
    `${IMPORT}const big = { kernel: 51, centre: 5 } as const;\nexport default ${net(
      "[peripheral(big), peripheral(«big|{ ...big, kernel: 45 }»)]",
    )};\n`,
    { kernels: [undefined, 45] },
  ),
  "stages that share a constant, all of them": edited(
    `${IMPORT}const K = «51|61»;\nexport default ${two("K", "K")};\n`,
    { kernels: [61, 61] },
  ),
  "a constant of several stages that gets more digits": edited(
    `${IMPORT}const K = «9|61»;\nexport default ${net("[dense({ kernel: K }), dense({ kernel: K })]")};\n`,
    { kernels: [61, 61] },
  ),
  "a kernel and a centre that a spread gives, on lines of their own": edited(
    `${IMPORT}const big = { kernel: 51, centre: 5 } as const;\nexport default ${net(
      "[\n  peripheral({\n    ...big«|,\n    kernel: 45,\n    centre: 3,»\n  }),\n  peripheral(big),\n]",
    )};\n`,
    { stages: [{ kernel: [45, 45], centre: 3 }, undefined] },
  ),
  "several stages at once": edited(
    `${IMPORT}const SIDES = [«51|13», «13|51»] as const;\nexport default ${two("SIDES[0]", "SIDES[1]")};\n`,
    { kernels: [13, 51] },
  ),
  "a centre": edited(
    `${IMPORT}export default ${net(
      "[peripheral({ kernel: 51, centre: «5|3» }), peripheral({ kernel: 13, centre: «5|3» })]",
    )};\n`,
    { stages: [{ centre: 3 }, { centre: 3 }] },
  ),
  "a centre and a kernel that do not fit alone": edited(
    `${IMPORT}export default ${net(
      "[peripheral({ kernel: «51|3», centre: «5|3» }), peripheral({ kernel: 13, centre: 5 })]",
    )};\n`,
    { stages: [{ kernel: [3, 3], centre: 3 }, undefined] },
  ),
  "a rectangle": edited(`${IMPORT}export default ${two("«51|[61, 45]»")};\n`, {
    kernels: [[61, 45], undefined],
  }),
  "a rectangle whose sides are written": edited(
    `${IMPORT}export default ${two("[51, «49|45»]")};\n`,
    { kernels: [[51, 45], undefined] },
  ),
  "a dense kernel and stripes": edited(
    `${IMPORT}export default ${net("[dense({ kernel: «31|33» }), stripes({ kernel: «51|61» })]")};\n`,
    { kernels: [33, 61] },
  ),
  "an explicit grid's cells": edited(
    `${IMPORT}export default ${net(
      "[grid({ cells: «[2, 1, 1, 1, 2]|[4, 2, 1, 1, 1, 2, 4]» }), peripheral({ kernel: 13, centre: 5 })]",
    )};\n`,
    {
      stages: [
        { grid: { rows: [4, 2, 1, 1, 1, 2, 4], columns: [4, 2, 1, 1, 1, 2, 4] } },
        undefined,
      ],
    },
  ),
  "a grid in a mixer's place": edited(
    `${IMPORT}export default ${net(
      `[«peripheral({ kernel: 51, centre: 5 })|grid({ cells: [2, 1, 2], partial: 3 / 8, embedding: "bias", branch: 5 })», peripheral({ kernel: 13, centre: 5 })]`,
    )};\n`,
    { stages: [{ grid: { rows: [2, 1, 2], columns: [2, 1, 2] } }, undefined] },
  ),
  "a preset without mixers": edited(
    `import { pelk«|, peripheral» } from "fovea";\nexport default pelk("tiny"«|, { mixers: [
  peripheral({ kernel: 51, centre: 5 }),
  peripheral({ kernel: 49, centre: 5 }),
  peripheral({ kernel: 45, centre: 5 }),
  peripheral({ kernel: 13, centre: 5 }),
] }»);\n`,
    { kernels: [undefined, undefined, 45, undefined] },
  ),
  "a preset with other overrides": edited(
    `import { «|dense, »slak } from "fovea";\nexport default slak("tiny", {\n  name: "mine", // ours\n«|  mixers: [
    stripes({ kernel: 51 }),
    stripes({ kernel: 49 }),
    stripes({ kernel: 47 }),
    stripes({ kernel: 15 }),
  ],\n»});\n`.replace("«|dense, »slak", "slak«|, stripes»"),
    { kernels: [undefined, undefined, undefined, 15] },
  ),
  "an override of a preset": edited(
    `import { convnext, dense } from "fovea";\nexport default convnext("tiny", { mixers: [dense({ kernel: «31|33» }), dense({ kernel: 7 }), dense({ kernel: 7 }), dense({ kernel: 7 })] });\n`,
    { kernels: [33, undefined, undefined, undefined] },
  ),
  "a network derived from one that is not handed out": edited(
    `${IMPORT}const base = ${two("«51|61»")};\nexport default network("derived", { ...base, depths: [2, 2] });\n`,
    { kernels: [61, undefined] },
  ),
  "an experiment's network": edited(
    `${IMPORT}import { digits, experiment } from "fovea";\nexport default experiment({ name: "e", network: ${two("«51|61»")}, data: digits({ train: 10, test: 10 }) });\n`,
    { kernels: [61, undefined] },
  ),
  "a sweep's network": edited(
    `${IMPORT}import { digits, experiment, sweep } from "fovea";\nconst base = experiment({ name: "e", network: ${two("«51|61»")}, data: digits({ train: 10, test: 10 }) });\nexport default sweep({ base, over: { "recipe.lr": [0.001, 0.002] } });\n`,
    { kernels: [61, undefined] },
  ),
  "an axis of a sweep": edited(
    `${IMPORT}import { digits, experiment, sweep } from "fovea";\nconst base = experiment({ name: "e", network: ${two("49")}, data: digits({ train: 10, test: 10 }) });\nexport default sweep({ base, over: { "network.mixers[0].kernel": [«31|61», 51] } });\n`,
    { kernels: [61, undefined], network: "mine" },
  ),
  "one of several networks": edited(
    `${IMPORT}export default [${two("«51|61»")}, ${two("49").replace("mine", "other")}];\n`,
    { kernels: [61, undefined], network: "mine" },
  ),
  "the input's size": edited(
    `${IMPORT}export default ${two("51").replace("224", "«224|384»")};\n`,
    { resolution: [384, 384] },
  ),
  "the input's size of a preset": edited(
    `import { pelk } from "fovea";\nexport default pelk("tiny"«|, { input: { channels: 3, size: 384 } }»);\n`,
    { resolution: [384, 384] },
  ),
  "a network's name that has the number too": edited(
    `${IMPORT}export default ${two("«51|61»").replace("mine", "mine_51")};\n`,
    { kernels: [61, undefined] },
  ),
};

describe.each(Object.entries(CASES))("%s", (_, { files, asked, after, target = "main.ts" }) => {
  test("is changed where it is written, and nothing else", async () => {
    const root = project({ "package.json": "{}", ...files });
    const { edits, after: promised, before } = await plan(root, asked, target);
    const names = edits.map(({ file }) => file.slice(root.length + 1));
    expect(Object.fromEntries(edits.map((each, i) => [names[i], each.after]))).toEqual(after);
    for (const [i, each] of edits.entries()) expect(each.before).toBe(files[names[i] ?? ""]);

    const written = project({ "package.json": "{}", ...files, ...after });
    const { networks } = await loadTarget(target, { cwd: written, note: () => {} });
    const found = networks.find(({ name }) => name === before.name) ?? expect.fail();
    expect(found).toEqual(promised);
    for (const [stage, kernel] of (asked.kernels ?? []).entries()) {
      const mixer = found.mixers[stage];
      const size = mixer && "kernel" in mixer ? toSize(mixer.kernel) : undefined;
      if (kernel !== undefined) expect(size).toEqual(toSize(kernel));
    }
    if (asked.resolution) expect(toSize(found.input.size)).toEqual(asked.resolution);
  });
});

/** What is refused: code, message, line. */
async function refusal(files: Record<string, string>, asked: Asked, target?: string) {
  const root = project({ "package.json": "{}", ...files });
  try {
    await plan(root, asked, target);
  } catch (error) {
    if (!isFoveaError(error)) throw error;
    const { code, message, fix, location, list } = error.details;
    return {
      code,
      message,
      fix,
      line: location?.line,
      file: location?.file,
      offer: list?.join("\n"),
      root,
    };
  }
  return expect.fail("nothing is refused");
}

describe("what is computed", () => {
  const text = `${IMPORT}const base = 40;\nconst K = base + 11;\nexport default ${two("K")};\n`;

  test("is said, with its expression, its place and the override", async () => {
    const said = await refusal({ "main.ts": text }, { kernels: [61, undefined] });
    expect(said).toMatchObject({
      code: "FOV0171",
      message: "mixers[0].kernel is computed: base + 11",
      line: 3,
    });
    expect(said.fix).toContain("--override");
    expect(said.offer).toContain("+export default");
    expect(said.offer).toContain("peripheral({ kernel: 61, centre: 5 })");
  });

  test("is written out where that is allowed", async () => {
    const root = project({ "package.json": "{}", "main.ts": text });
    const { edits } = await plan(root, { kernels: [61, undefined], override: true });
    expect(edits.map(({ after }) => after)).toEqual([text.replace("kernel: K", "kernel: 61")]);
  });

  test("is written out beside a centre that a spread gives", async () => {
    const text = `${IMPORT}const of = (a: number, b: number) => (a + b) as 51;
const rest = { centre: Math.round(6.6) as 5 } as const;
export default ${net("[peripheral({ ...rest, kernel: of(40, 11) }), peripheral({ kernel: 13, centre: 5 })]")};\n`;
    const root = project({ "package.json": "{}", "main.ts": text });
    const stages = [{ kernel: [61, 61], centre: 3 } as const, undefined];
    const { edits } = await plan(root, { stages, override: true });
    expect(edits.map(({ after }) => after)).toEqual([
      text.replace("kernel: of(40, 11)", "kernel: 61, centre: 3"),
    ]);
  });

  test("in a loop is written out as a whole", async () => {
    const loop = `${IMPORT}export default ${net(
      "[0, 1].map((i) => peripheral({ kernel: 51 - 38 * i, centre: 5 })) as [never, never]",
    )};\n`;
    const said = await refusal({ "main.ts": loop }, { kernels: [61, undefined] });
    expect(said).toMatchObject({ code: "FOV0171", line: 2 });
    expect(said.message).toContain("[0, 1].map");
    const root = project({ "package.json": "{}", "main.ts": loop });
    const { edits } = await plan(root, { kernels: [61, undefined], override: true });
    expect(edits[0]?.after).toContain(
      "mixers: [peripheral({ kernel: 61, centre: 5 }), peripheral({ kernel: 13, centre: 5 })]",
    );
  });

  test("of stages that stay is not frozen by a split alone", async () => {
    const text = `${IMPORT}const mixers = [51, 6 + 7].map((kernel) => peripheral({ kernel, centre: 5 })) as [never, never];
export default [${net("mixers")}, ${net("mixers", "other")}];\n`;
    const asked = { kernels: [61, undefined], network: "mine", split: true };
    const said = await refusal({ "main.ts": text }, asked);
    expect(said).toMatchObject({ code: "FOV0171", line: 2 });
    expect(said.message).toContain("mixers[1]");
    const root = project({ "package.json": "{}", "main.ts": text });
    const { edits } = await plan(root, { ...asked, override: true });
    expect(edits[0]?.after).toContain(
      "mixers: [peripheral({ kernel: 61, centre: 5 }), peripheral({ kernel: 13, centre: 5 })]",
    );
  });

  test("in another file is shown and placed there", async () => {
    const files = {
      "main.ts": main(`import { K } from "./sizes";`),
      "sizes.ts": "const base = 40;\nexport const K = base + 11;\n",
    };
    const said = await refusal(files, { kernels: [61, undefined] });
    expect(said).toMatchObject({
      code: "FOV0171",
      message: "mixers[0].kernel is computed: base + 11",
      line: 2,
    });
    expect(said.file).toBe(join(realpathSync(said.root), "sizes.ts"));
  });
});

describe("what two networks share", () => {
  const shared = `${IMPORT}const K = 51;\nexport default [${two("K")}, ${two("K").replace("mine", "other")}];\n`;

  test("is refused with both names and the split", async () => {
    const said = await refusal(
      { "main.ts": shared },
      { kernels: [61, undefined], network: "mine" },
    );
    expect(said).toMatchObject({
      code: "FOV0172",
      line: 2,
      message: "mine and other have mixers[0].kernel from one place",
    });
    expect(said.fix).toContain("--split");
    expect(said.offer).toContain("kernel: 61");
  });

  test("is written out for the one where that is asked", async () => {
    const root = project({ "package.json": "{}", "main.ts": shared });
    const { edits, networks } = await plan(root, {
      kernels: [61, undefined],
      network: "mine",
      split: true,
    });
    expect(edits[0]?.after).toBe(shared.replace("kernel: K", "kernel: 61"));
    expect(
      networks.map(({ mixers: [first] }) => first && "kernel" in first && first.kernel),
    ).toEqual([61, 51]);
  });

  test("in another file of the project, is seen", async () => {
    const files = {
      "main.ts": main(`import { K } from "./sizes";`),
      "sizes.ts": "export const K = 51;\n",
      "nets/other.ts": `${IMPORT}import { K } from "../sizes.js";\nexport default ${two("K").replace("mine", "other")};\n`,
      "train.ts": `import { digits, experiment } from "fovea";\nimport mine from "./main";\nexport default experiment({ name: "e", network: mine, data: digits({ train: 10, test: 10 }) });\n`,
    };
    const said = await refusal(files, { kernels: [61, undefined] });
    expect(said).toMatchObject({
      code: "FOV0172",
      message: "mine and other in other.ts have mixers[0].kernel from one place",
    });
    const root = project({ "package.json": "{}", ...files });
    const { edits } = await plan(root, { kernels: [61, undefined], split: true });
    expect(edits.map(({ after }) => after)).toEqual([
      files["main.ts"].replace("kernel: K", "kernel: 61"),
    ]);
  });

  test("in a helper's call, is seen in the other files that call it", async () => {
    const files = {
      "main.ts": `${IMPORT}import { big } from "./big.js";\nexport default ${net("[big(), peripheral({ kernel: 13, centre: 5 })]")};\n`,
      "big.ts": `import { peripheral } from "fovea";\nconst half = 25;\nexport const big = () => peripheral({ kernel: (2 * half + 1) as 51, centre: 5 });\n`,
      "other.ts": `${IMPORT}import { big } from "./big.js";\nexport default ${net("[big(), big()]", "other")};\n`,
    };
    const root = project({ "package.json": "{}", ...files });
    const { edits } = await plan(root, { kernels: [61, undefined], override: true });
    expect(edits.map(({ file, after }) => [file.slice(root.length + 1), after])).toEqual([
      ["main.ts", files["main.ts"].replace("[big(),", "[peripheral({ kernel: 61, centre: 5 }),")],
    ]);
  });

  test("where one is made of the other that is handed out too", async () => {
    const text = `${IMPORT}export const base = ${two("51")};\nexport default network("derived", { ...base, depths: [2, 2] });\n`;
    expect(await refusal({ "main.ts": text }, { kernels: [61, undefined] })).toMatchObject({
      code: "FOV0172",
      message: "derived and mine have mixers[0].kernel from one place",
    });
    const root = project({ "package.json": "{}", "main.ts": text });
    const { after, edits } = await plan(root, { kernels: [61, undefined], split: true });
    expect(after.mixers[0]).toMatchObject({ kernel: 61, centre: 5 });
    expect(edits[0]?.after).toContain(
      "{ ...base, depths: [2, 2], mixers: [peripheral({ kernel: 61, centre: 5 }), peripheral({ kernel: 13, centre: 5 })] }",
    );
  });
});

describe("the input's size", () => {
  const two = (
    options: string,
  ) => `${IMPORT}const base = network("base", { ${FRAME}, depths: [1], widths: [16], mixers: [dense({ kernel: 9 })] });
const other = network("other", { ...base, ${options} });
export default [base, other];\n`;

  test("that another network takes over is refused with its name, split or not", async () => {
    const files = { "main.ts": two("mixers: [dense({ kernel: 11 })]") };
    for (const split of [false, true]) {
      const said = await refusal(files, { resolution: [160, 160], network: "base", split });
      expect(said).toMatchObject({
        code: "FOV0172",
        message: "base and other have input.size from one place",
      });
    }
  });

  test("that a preset gives and another network takes over is refused with its name", async () => {
    const text = `${IMPORT}const base = pelk("tiny", { name: "base" });
export default [base, network("other", { ...base, depths: [1, 1, 1, 1] })];\n`;
    const said = await refusal({ "main.ts": text }, { resolution: [160, 160], network: "base" });
    expect(said).toMatchObject({
      code: "FOV0172",
      message: "base and other have input.size from one place",
      line: 2,
    });
  });

  test("of a sweep's base is refused with the networks that its axis makes of it", async () => {
    const text = `${IMPORT}import { digits, experiment, sweep } from "fovea";
const small = pelk("tiny", { input: { channels: 3, size: 64 } });
const base = experiment({ name: "e", network: small, data: digits({ train: 10, test: 10 }) });
export default sweep({ base, over: { "network.mixers[0].kernel": [31, 51] } });\n`;
    const said = await refusal({ "main.ts": text }, { resolution: [96, 96], network: "pelk_tiny" });
    expect(said).toMatchObject({ code: "FOV0172", line: 3 });
  });

  test("that is computed in what is spread is not written out unasked", async () => {
    const text = `${IMPORT}const half = 112;
const frame = { input: { channels: 3, size: 2 * half }, stem: stem.patchify({ stride: 4 }), head: classifier(10) } as const;
export default network("mine", { ...frame, depths: [1], widths: [16], mixers: [dense({ kernel: 9 })] });\n`;
    expect(await refusal({ "main.ts": text }, { resolution: [160, 160] })).toMatchObject({
      code: "FOV0171",
    });
    const root = project({ "main.ts": text });
    const { edits } = await plan(root, { resolution: [160, 160], override: true });
    expect(edits[0]?.after).toContain("input: { channels: 3, size: 160 }");
  });
});

test("a network that is as asked needs no edit", async () => {
  const root = project({ "main.ts": `${IMPORT}export default ${two("51")};\n` });
  expect(await plan(root, { kernels: [51, 13] })).toMatchObject({ edits: [], changes: [] });
});

test("a shipped name is planned without edits", async () => {
  const { edits, file, after, changes } = await plan(
    "/",
    { kernels: [61, undefined, undefined, undefined] },
    "pelk_tiny",
  );
  expect({ edits, file }).toEqual({ edits: [], file: null });
  expect(after.mixers[0]).toMatchObject({ kernel: 61 });
  expect(changes).toMatchObject([{ path: "mixers[0].kernel", from: "51", to: "61" }]);
});

test("a value that is another at every load cannot be checked, and is said", async () => {
  const text = `${IMPORT}const seen = globalThis as { loads?: number };
seen.loads = (seen.loads ?? 0) + 1;
export default ${two("51", "13 + 2 * seen.loads")};\n`;
  const said = await refusal({ "main.ts": text }, { kernels: [61, undefined] });
  expect(said).toMatchObject({ code: "FOV0173", message: expect.stringContaining("each time") });
});

test("which network is meant must be said where there are several, and none is guessed", async () => {
  const files = {
    "main.ts": `${IMPORT}export default [${two("51")}, ${two("49").replace("mine", "other")}];\n`,
  };
  expect(await refusal(files, { kernels: [61, undefined] })).toMatchObject({
    code: "FOV0040",
    fix: "write --network mine",
  });
  expect(await refusal(files, { kernels: [61, undefined], network: "othr" })).toMatchObject({
    code: "FOV0040",
    fix: "write --network other",
  });
});

test("what the files print is printed once", async () => {
  const root = project({
    "main.ts": `${IMPORT}process.stderr.write("hello");\nexport default ${two("51")};\n`,
  });
  const said: unknown[] = [];
  const { write } = process.stderr;
  process.stderr.write = (text: unknown) => {
    said.push(text);
    return true;
  };
  try {
    await plan(root, { kernels: [61, undefined] });
  } finally {
    process.stderr.write = write;
  }
  expect(said.filter((each) => String(each).includes("hello"))).toHaveLength(1);
});

test("places are in the files as the user knows them", async () => {
  const files = {
    "main.ts": main(`import { K } from "./sizes";`),
    "sizes.ts": "// ours\nexport const K = 51;\n",
  };
  const root = project({ "package.json": "{}", ...files });
  const { changes } = await plan(root, { kernels: [61, undefined] });
  expect(changes).toEqual([
    {
      path: "mixers[0].kernel",
      from: "51",
      to: "61",
      location: { file: join(realpathSync(root), "sizes.ts"), line: 2, column: 18 },
      how: "the constant K",
    },
  ]);
});
