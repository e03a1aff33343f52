import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");

/** What the compiler says of files of this folder, with their text replaced where given. */
function complaints(files: readonly string[], replace = (text: string) => text): string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, files: [], include: [] },
    ts.sys,
    root,
  );
  const host = ts.createCompilerHost(options);
  const read = host.readFile;
  const names = files.map((file) => join(import.meta.dirname, file));
  host.readFile = (file) => {
    const text = read(file);
    return text !== undefined && names.includes(file) ? replace(text) : text;
  };
  const program = ts.createProgram(names, options, host);
  return names.flatMap((name) => {
    const file = program.getSourceFile(name);
    return program.getSemanticDiagnostics(file).map(({ messageText, start }) => {
      const line = (file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0) + 1;
      return `${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
  });
}

const FILES = ["mixers", "networks", "peers", "recipes", "data", "sweeps"].map(
  (name) => `${name}.test-d.ts`,
);

test.each(FILES)("%s compiles where it should and nowhere else", (file) => {
  expect(complaints([file])).toEqual([]);
});

test("what is refused is told in words", () => {
  const files = ["mixers.test-d.ts", "networks.test-d.ts", "sweeps.test-d.ts"];
  const said = complaints(files, (text) => text.replaceAll("// @ts-expect-error\n", "\n")).join(
    "\n",
  );
  expect(said).toContain("a kernel's side is an odd whole number, not 50");
  expect(said).toContain("a kernel's width is an odd whole number, not 50");
  expect(said).toContain("a centre is no wider than its kernel, not 7");
  expect(said).toContain("a centre is an odd whole number, not 4");
  expect(said).toContain("as many entries as depths has: 2, not 1");
  expect(said).toContain("there is no setting network.mixer[*].kernel");
  expect(said).toContain("this side is an odd whole number, not 50");
});
