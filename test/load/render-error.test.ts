import { join } from "node:path";
import { expect, test } from "vitest";
import { FoveaError } from "../../src/ir/error.js";
import { describeError, renderError } from "../../src/load/render-error.js";
import { mistake, project } from "./project.js";

const TEXT = `import { dense } from "fovea";\n\nexport default [\n  dense({ kernel: 50 } as any),\n];\n`;

test("the place, the lines around it, the value, what is allowed and the fix", async () => {
  const { text } = await mistake(project({ "nets/main.ts": TEXT }), "nets/main.ts");
  expect(text).toBe(`nets/main.ts:4:19: error FOV0010: kernel cannot be 50
  2 |
  3 | export default [
> 4 |   dense({ kernel: 50 } as any),
    |                   ^
  5 | ];
  6 |
  option  kernel
  value   50
  allowed an odd whole number from 1 to 1023, or [height, width] of two
  fix     write 51 or 49`);
});

test("without the frame, and in colour", () => {
  const file = join(project({ "main.ts": TEXT }), "main.ts");
  const error = new FoveaError({
    code: "FOV0010",
    message: "m",
    location: { file, line: 4, column: 19 },
  });
  expect(renderError(error, { frame: false, cwd: "/nowhere" })).toBe(
    `${file}:4:19: error FOV0010: m`,
  );
  expect(renderError(error, { color: true })).toContain("\u001b[1;31merror FOV0010\u001b[0m");
  expect(renderError(error)).not.toContain("\u001b");
});

test("control characters of the user's are escaped, in the frame too", async () => {
  const text = `import { pelk } from "fovea";\nexport default pelk("tiny", { name: "\u001b[2J\u202e\u0007" });\n`;
  const error = await mistake(project({ "main.ts": text }));
  expect(error.value).toBe("\u001b[2J\u202e\u0007");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
  expect(error.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(error.text).toContain('"\\u001b[2J\\u202e\\u0007"');
});

test("the path of a file is escaped where it is shown", async () => {
  const root = project({ "main\n\u001b[31m.ts": TEXT });
  const { text, file } = await mistake(root, "main\n\u001b[31m.ts");
  expect(text.split("\n")[0]).toMatch(/^main\\n\\x1b\[31m\.ts:4:19: error FOV0010: /);
  expect(file).toBe("main\n\u001b[31m.ts");
});

test("a line of a megabyte is not shown", async () => {
  const text = `const a = "${"x".repeat(1 << 20)}"; throw new Error(a);`;
  const error = await mistake(project({ "main.ts": text }));
  expect(error.line).toBe(1);
  expect(error.text.split("\n").slice(1).join("\n")).not.toContain("xxxx");
});

test.each([
  [Number.NaN, "NaN"],
  [-0, -0],
  [12n, "12n"],
  [Symbol("s"), "Symbol(s)"],
  [() => 1, "[Function (anonymous)]"],
  [undefined, null],
  [
    [1, "a"],
    [1, "a"],
  ],
  [new Map([[1, 2]]), {}],
])("a value of %s has a form in JSON", (value, shown) => {
  const error = new FoveaError({ code: "FOV0001", message: "m", value });
  const described = describeError(error);
  expect(JSON.parse(JSON.stringify(described)).value ?? null).toEqual(shown === 0 ? 0 : shown);
  expect(Object.keys(described)).toEqual([
    "code",
    "message",
    "file",
    "line",
    "column",
    "path",
    "value",
    "allowed",
    "fix",
  ]);
});

test("a value that fights back is shown all the same", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const hostile = {
    toJSON: () => {
      throw new Error("no");
    },
    [Symbol.for("nodejs.util.inspect.custom")]: () => {
      throw new Error("no");
    },
  };
  for (const value of [
    circle,
    hostile,
    new Proxy(
      {},
      {
        get: () => {
          throw new Error("no");
        },
      },
    ),
  ]) {
    const error = new FoveaError({ code: "FOV0001", message: "m", value });
    expect(() => JSON.stringify(describeError(error))).not.toThrow();
    expect(() => renderError(error)).not.toThrow();
  }
});
