import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
/** An editor's file that is on no disk. */
const FILE = join(root, "examples/completed.ts");

let text = "";
let version = 0;
const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(
  { ...config, files: [], include: [] },
  ts.sys,
  root,
);
const service = ts.createLanguageService({
  getCompilationSettings: () => options,
  getScriptFileNames: () => [FILE],
  getScriptVersion: (name) => (name === FILE ? String(version) : "0"),
  getScriptSnapshot: (name) => {
    const found = name === FILE ? text : ts.sys.readFile(name);
    return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
  },
  getCurrentDirectory: () => root,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (name) => name === FILE || ts.sys.fileExists(name),
  readFile: ts.sys.readFile,
  readDirectory: ts.sys.readDirectory,
});

interface Offered {
  readonly names: readonly string[];
  /** What an editor shows beside a name. */
  readonly about: (name: string) => string;
}

/** What an editor offers where `|` stands. */
function completions(code: string): Offered {
  const start = `import { digits, experiment, grid, pelk, peripheral, recipe, stripes, sweep } from "fovea";\n`;
  const at = start.length + code.indexOf("|");
  text = start + code.replace("|", "");
  version += 1;
  const found = service.getCompletionsAtPosition(FILE, at, {});
  const names = found?.entries.map(({ name }) => name) ?? [];
  const about = (name: string): string => {
    const details = service.getCompletionEntryDetails(FILE, at, name, {}, undefined, {}, undefined);
    return ts.displayPartsToString(details?.documentation);
  };
  return { names, about };
}

const RUN = `name: "a", network: pelk("tiny"), data: digits()`;

describe("an editor offers every option, with what it is", { timeout: 300_000 }, () => {
  const common = ["branch", "embedding", "partial"];
  const overrides = ["depths", "head", "input", "mixers", "name", "sparsity", "stem", "widths"];
  const settings = ["batch", "epochs", "lr", "schedule", "weightDecay", "ema", "augment", "amp"];
  test.each([
    ["peripheral({ | });", ["kernel", "centre", "base", "remainder", ...common]],
    ["peripheral({ kernel: 51, | });", ["centre", "base", "remainder", ...common]],
    ["grid({ | });", ["cells", "rows", "columns", ...common]],
    ["stripes({ | });", ["kernel", "width", "branch", "partial"]],
    ['pelk("tiny", { | });', overrides],
    ["recipe.|", ["ade20k", "coco", "convnext", "digits", "pelk", "replknet", "slak", "voc"]],
    ['recipe.slak("tiny", { | });', settings],
    ["experiment({ | });", ["data", "name", "network", "recipe", "seed", "sparsity", "task"]],
    [`experiment({ ${RUN}, recipe: { | } });`, settings],
    [`experiment({ ${RUN}, recipe: { augment: { | } } });`, ["flip", "mixup", "cutmix"]],
    [`experiment({ ${RUN}, sparsity: { | } });`, ["amount", "init", "every", "prune", "grow"]],
    ["sweep({ | });", ["base", "name", "over", "seeds", "where"]],
  ])("%s", (code, wanted) => {
    const { names, about } = completions(code);
    expect(names).toEqual(expect.arrayContaining(wanted));
    expect(names.filter((name) => about(name) === "")).toEqual([]);
  });
});

describe("an editor offers the words that there are, and no others", { timeout: 300_000 }, () => {
  test.each([
    ['pelk("|");', ["tiny", "small", "base"]],
    ['peripheral({ kernel: 51, centre: 5, remainder: "|" });', ["own", "merge"]],
    [`experiment({ ${RUN}, recipe: { schedule: "|" } });`, ["cosine", "poly", "step"]],
  ])("%s", (code, wanted) => {
    expect([...completions(code).names].sort()).toEqual([...wanted].sort());
  });
});

describe("an editor offers the axes of a sweep", { timeout: 300_000 }, () => {
  test("by their paths", () => {
    const { names } = completions(`sweep({ base: experiment({ ${RUN} }), over: { "|" } });`);
    const wanted = [
      ...["network", "network.mixers[*]", "network.mixers[*].kernel", "network.mixers[*].centre"],
      ...["network.depths[*]", "recipe", "recipe.batch", "recipe.augment.mixup", "data.train"],
      ...["sparsity", "sparsity.amount"],
    ];
    expect(names).toEqual(expect.arrayContaining(wanted));
    // Tags are no settings.
    expect(names.filter((name) => /(^|[.])(kind|type)$/.test(name))).toEqual([]);
  });
});
