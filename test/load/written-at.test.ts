import { expect, test } from "vitest";
import { HERE, here, mistake, project } from "./project.js";

const IMPORT = 'import { network, pelk, peripheral, stem, classifier } from "fovea";\n';
const declared = (kernel: string) => `export default pelk("tiny", {
  mixers: [peripheral({ kernel: ${kernel}, centre: 5 })],
});\n`;

/** Files with a mark where the value is written; the name of the one that has it. */
const CASES: Record<string, [Record<string, string>, string?]> = {
  "a constant": [{ "main.ts": `${IMPORT}const K: number = ${HERE}50;\n${declared("K")}` }],
  "a constant behind another": [
    { "main.ts": `${IMPORT}const A = ${HERE}50 as number;\nconst K = A;\n${declared("K")}` },
  ],
  "an object": [
    {
      "main.ts": `${IMPORT}const s = { big: ${HERE}50 } satisfies object;\n${declared("s.big as number")}`,
    },
  ],
  "a list": [{ "main.ts": `${IMPORT}const s = [7, ${HERE}50] as number[];\n${declared("s[1]")}` }],
  destructuring: [{ "main.ts": `${IMPORT}const { a: K } = { a: ${HERE}50 };\n${declared("K")}` }],
  "a default": [
    { "main.ts": `${IMPORT}const { K = ${HERE}50 } = {} as { K?: number };\n${declared("K")}` },
  ],
  "an enum": [{ "main.ts": `${IMPORT}enum S { Big = ${HERE}50 }\n${declared("S.Big")}` }],
  "a class": [{ "main.ts": `${IMPORT}class S { static big = ${HERE}50; }\n${declared("S.big")}` }],
  "a spread": [
    {
      "main.ts": `${IMPORT}const big = { kernel: ${HERE}50 };\nexport default pelk("tiny", { mixers: [peripheral({ centre: 5, ...big })] });\n`,
    },
  ],
  "a shorthand": [
    {
      "main.ts": `${IMPORT}const kernel = ${HERE}50;\nexport default pelk("tiny", { mixers: [peripheral({ centre: 5, kernel })] });\n`,
    },
  ],
  "a function": [{ "main.ts": `${IMPORT}const K = () => ${HERE}50;\n${declared("K()")}` }],
  "an argument": [
    {
      "main.ts": `${IMPORT}const of = (kernel: number, centre = 5) => peripheral({ kernel, centre });
export default pelk("tiny", { mixers: [of(13), of(${HERE}50)] });\n`,
    },
  ],
  "an object that is handed to a function of another file": [
    {
      "main.ts": `${IMPORT}import { of } from "./of.js";\nimport { sides } from "./sides";
export default pelk("tiny", { mixers: [peripheral({ kernel: 13, centre: 5 }), of({ sides })] });\n`,
      "of.ts": `import { peripheral } from "fovea";
export function of({ sides }: { sides: readonly number[] }) {\n  return peripheral({ kernel: sides[0], centre: 5 });\n}\n`,
      "sides.ts": `export const sides = [${HERE}50];\n`,
    },
    "sides.ts",
  ],
  "another file": [
    {
      "main.ts": `${IMPORT}import { K } from "./sizes";\n${declared("K")}`,
      "sizes.ts": `export const K = ${HERE}50;\n`,
    },
    "sizes.ts",
  ],
  "a default export": [
    {
      "main.ts": `${IMPORT}import sizes from "./sizes.js";\n${declared("sizes.K")}`,
      "sizes.ts": `export default { K: ${HERE}50 };\n`,
    },
    "sizes.ts",
  ],
  "a namespace and a re-export": [
    {
      "main.ts": `${IMPORT}import * as sizes from "./index.js";\n${declared("sizes.K")}`,
      "index.ts": `export * from "./sizes.js";\n`,
      "sizes.ts": `const side = ${HERE}50;\nexport { side as K };\n`,
    },
    "sizes.ts",
  ],
  JSON: [
    {
      "main.ts": `${IMPORT}import sizes from "./sizes.json";\n${declared("sizes.K")}`,
      "sizes.json": '{\n  "K": 50\n}\n',
    },
    "sizes.json",
  ],
  "CRLF and a byte order mark": [
    {
      "main.ts": `\ufeff${`${IMPORT}const K: number = ${HERE}50;\n${declared("K")}`.replaceAll("\n", "\r\n")}`,
    },
  ],
};

test.each(Object.entries(CASES))(
  "%s: the mistake is in the call, the value is elsewhere",
  async (_, [files, holder = "main.ts"]) => {
    const root = project(files);
    const { code, file, line, written, text } = await mistake(root);
    expect(code).toBe("FOV0010");
    const calling = files[file ?? ""]?.replace(/^\ufeff/, "") ?? "";
    expect(calling.split(/\r?\n/)[(line ?? 0) - 1]).toContain("peripheral({");
    const source = files[holder]?.replace(/^\ufeff/, "") ?? "";
    const place = holder.endsWith(".json") ? { line: 2, column: 8 } : here(source);
    expect(written).toEqual({ file: holder, ...place });
    expect(text).toContain(`written at ${holder}:${place.line}:${place.column}`);
  },
);

test("a value that stands in the call has no second place", async () => {
  const inCall = await mistake(project({ "main.ts": `${IMPORT}${declared("50")}` }));
  expect(inCall.written).toBeUndefined();
});

test("of a variable that is assigned again nothing is claimed", async () => {
  const text = `${IMPORT}let K = 51;\nK = 50;\n${declared("K")}`;
  expect((await mistake(project({ "main.ts": text }))).written).toBeUndefined();
});
