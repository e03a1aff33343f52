import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Project, SyntaxKind, ts } from "ts-morph";
import { beforeEach, describe, expect, test } from "vitest";
import { shippedNetworks } from "../../src/dsl/zoo/shipped.js";
import { inspectIndex } from "../../src/emit/inspect-index.js";
import { indexOwner, typedIndex } from "../../src/emit/typed-index.js";
import type { Network } from "../../src/ir/index.js";
import { TASK_METRICS } from "../../src/ir/metrics.js";
import { packageRoot } from "../../src/ir/package-root.js";
import { modulePaths } from "../../src/plan/module-paths.js";
import { planStructure } from "../../src/plan/network.js";
import { featureNetworks } from "../support/feature-networks.js";
import { temporaryFolder } from "../support/temporary.js";

const indexed = (networks: readonly Network[]) =>
  networks.map((network) => ({ folder: network.name, network }));
const shipped = Object.values(shippedNetworks).map((make) => make());
const everything = indexed([...featureNetworks, ...shipped]);

/** The messages of the strictest compiler for a file that uses the index. */
function compiled(index: string, use: string): string[] {
  const project = new Project({
    compilerOptions: {
      strict: true,
      noUncheckedIndexedAccess: true,
      noPropertyAccessFromIndexSignature: true,
      exactOptionalPropertyTypes: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
      noUnusedLocals: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      types: [],
    },
  });
  const folder = temporaryFolder();
  project.createSourceFile(join(folder, "index.ts"), index);
  project.createSourceFile(join(folder, "use.ts"), use);
  return project
    .getPreEmitDiagnostics()
    .map(
      (found) =>
        `${found.getLineNumber()}: ${ts.flattenDiagnosticMessageText(found.compilerObject.messageText, " ")}`,
    );
}

describe("the text", () => {
  test("does not depend on the order of the packages", () => {
    expect(typedIndex([...everything].reverse())).toBe(typedIndex(everything));
  });

  test("holds each network's layers once, in their order", () => {
    const project = new Project({ useInMemoryFileSystem: true });
    const file = project.createSourceFile("index.ts", typedIndex(everything));
    const networks = file
      .getVariableDeclarationOrThrow("networks")
      .getInitializerIfKindOrThrow(SyntaxKind.AsExpression)
      .getExpressionIfKindOrThrow(SyntaxKind.ObjectLiteralExpression);
    expect(networks.getProperties()).toHaveLength(everything.length);
    for (const { folder, network } of everything) {
      const layers = networks
        .getPropertyOrThrow(folder)
        .getFirstDescendantByKindOrThrow(SyntaxKind.CallExpression)
        .getArguments()
        .map((each) => each.asKindOrThrow(SyntaxKind.StringLiteral).getLiteralValue());
      expect(layers).toEqual(modulePaths(planStructure(network)));
      expect(new Set(layers).size).toBe(layers.length);
    }
  });

  test("passes the strictest compiler, and what is gone is an error where it is used", () => {
    const index = typedIndex(indexed(shipped));
    const use = `import { type Layer, metrics, type NetworkName, networks } from "./index.js";
export const layer: "stages.0.blocks.2.mixer.large" = networks.pelk_tiny.layers["stages.0.blocks.2.mixer.large"];
export const same: Layer<"pelk_tiny"> = layer;
export const name: NetworkName = networks.slak_tiny.name;
export const key: "top1" = metrics.classification.top1;
export const gone = networks.pelk_tiny.layers["stages.0.blocks.3.mixer"];
export const other: Layer<"convnext_tiny"> = "stages.0.blocks.0.mixer.large_norm";
export const none: NetworkName = "pelk_huge";
export const metric = networks.pelk_tiny.metrics.classification.top10;
`;
    const found = compiled(index, use);
    expect(found.map((each) => each.split(":")[0])).toEqual(["6", "7", "8", "9"]);
  }, 60_000);

  test("passes Biome", () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, "biome.json"),
      JSON.stringify({
        formatter: { indentStyle: "space" },
        linter: { rules: { preset: "recommended" } },
      }),
    );
    const file = join(folder, "index.ts");
    writeFileSync(file, typedIndex(everything));
    for (const width of ["80", "100", "120"]) {
      const { status, stdout, stderr } = spawnSync(
        join(packageRoot, "node_modules/.bin/biome"),
        ["check", "--error-on-warnings", `--line-width=${width}`, file],
        { cwd: folder, encoding: "utf8" },
      );
      expect([status, width], stdout + stderr).toEqual([0, width]);
    }
  });

  test("runs: every name stands for itself", async () => {
    const file = join(temporaryFolder(), "index.mjs");
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    writeFileSync(file, ts.transpile(typedIndex(everything), compilerOptions));
    const { networks, metrics } = await import(pathToFileURL(file).href);
    for (const { folder: name, network } of everything) {
      const paths = modulePaths(planStructure(network));
      expect(networks[name].layers).toEqual(Object.fromEntries(paths.map((path) => [path, path])));
    }
    const keys = TASK_METRICS.classification.map((key) => [key, key]);
    expect(metrics).toEqual({ classification: Object.fromEntries(keys) });
  });

  test("says whose it is", () => {
    const text = typedIndex(everything);
    expect(indexOwner(text)).toBe("fovea");
    expect(indexOwner(`${text}// mine\n`)).toBe("edited");
    expect(indexOwner(text.replace("stem", "stam"))).toBe("edited");
    expect(indexOwner("export const mine = 1;\n")).toBe("other");
  });
});

describe("the file", () => {
  let out: string;
  beforeEach(() => {
    out = temporaryFolder();
  });
  const [one, two] = featureNetworks as [Network, Network];
  const file = (): string => join(out, "index.ts");

  function putManifest(folder: string, network: unknown): void {
    mkdirSync(join(out, folder), { recursive: true });
    writeFileSync(join(out, folder, "manifest.json"), JSON.stringify({ v: 1, network, more: 1 }));
  }

  test("is made from what is emitted and from every other package's manifest", () => {
    putManifest(one.name, two);
    putManifest("renamed-net", two);
    putManifest("broken", { kind: "network" });
    mkdirSync(join(out, "other"));
    writeFileSync(join(out, "other/manifest.json"), '{"name": "a web app"}');
    putManifest(".hidden", two);
    const state = inspectIndex(out, [{ folder: one.name, network: one }]);
    expect(state?.file.status).toBe("missing");
    expect(state?.text).toBe(
      typedIndex([
        { folder: one.name, network: one },
        { folder: "renamed-net", network: two },
      ]),
    );
    expect(state?.text).toContain('  "renamed-net": {\n    name: "peripheral_branch",');
  });

  test("changes with its packages and goes with the last", () => {
    writeFileSync(file(), typedIndex(indexed([one, two])));
    expect(inspectIndex(out, indexed([one, two]))?.file.status).toBe("unchanged");
    const state = inspectIndex(out, indexed([one]));
    expect(state?.file.status).toBe("changed");
    expect(state?.file.edit).toBeUndefined();
    expect(inspectIndex(out, [])).toMatchObject({ text: null, file: { status: "extra" } });
  });

  test("is not replaced unasked where it was edited", () => {
    writeFileSync(file(), `${typedIndex(indexed([one]))}// mine\n`);
    expect(inspectIndex(out, indexed([one]))?.file.edit).toContain("+// mine");
  });

  test.each([
    ["a file of the user's", () => writeFileSync(file(), "export {};\n")],
    ["a link", () => symlinkSync("elsewhere.ts", file())],
    ["a folder", () => mkdirSync(file())],
  ])("%s stays", (_, put) => {
    put();
    expect(inspectIndex(out, indexed([one]))).toBeNull();
  });

  test("there is none without packages", () => {
    expect(inspectIndex(out, [])).toBeNull();
    expect(inspectIndex(join(out, "not-there"), [])).toBeNull();
  });
});

test("generated/index.ts is that of the packages beside it", () => {
  const folder = join(packageRoot, "generated");
  expect(inspectIndex(folder, [])?.text).toBe(readFileSync(join(folder, "index.ts"), "utf8"));
});
