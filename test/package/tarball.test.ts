import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/ir/package-root.js";
import { findPython } from "../../src/launch/python.js";

const MIB = 2 ** 20;
/** `npm install` asks a registry, and training imports torch. */
const PATIENCE = 600_000;

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

let packed: Packed;
let folder: string;
const python = findPython(packageRoot, {}).command;

function npm(words: readonly string[], cwd: string): string {
  return execFileSync("npm", words, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** `npx fovea …` as in the empty project, without what the checkout's own npm has set. */
function fovea(...words: string[]): string {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_|^VITEST|^NODE_/.test(name)),
  );
  return execFileSync("npx", ["--no-install", "fovea", ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { ...env, FOVEA_PYTHON: python, FOVEA_HOME: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "fovea-tarball-"));
  const [found] = JSON.parse(
    npm(["pack", "--json", "--ignore-scripts", "--pack-destination", folder], packageRoot),
  ) as Packed[];
  packed = found ?? expect.fail("npm packs nothing");
  npm(["init", "-y"], folder);
  // Scripts would compile SQLite for a minute; the tool must do without it.
  npm(
    [
      "install",
      join(folder, packed.filename),
      "--omit=dev",
      "--ignore-scripts",
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
    ],
    folder,
  );
}, PATIENCE);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the tarball", () => {
  test("holds what it needs, and is small", () => {
    const paths = packed.files.map(({ path }) => path);
    for (const path of [
      "README.md",
      "LICENSE",
      "package.json",
      "bin/fovea.js",
      "dist/index.js",
      "dist/index.d.ts",
      "python/pyproject.toml",
      "python/requirements.lock",
      "python/fovea_runtime/train/__main__.py",
      "python/fovea_runtime/schemas/event.schema.json",
      "templates/init/my_pelk.arch.ts",
    ]) {
      expect(paths).toContain(path);
    }
    expect(
      paths.filter((path) => /__pycache__|\.test\.|node_modules|tsbuildinfo/.test(path)),
    ).toEqual([]);
    expect(packed.size).toBeLessThan(3 * MIB);
  });

  test("works in an empty project: init, check, generate", {
    timeout: PATIENCE,
  }, () => {
    const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8"));
    expect(fovea("--version").trim()).toBe(version);
    const made = JSON.parse(fovea("init", "--json"));
    expect(made.files).toEqual([
      ".gitignore",
      "tsconfig.json",
      "my_pelk.arch.ts",
      "my_pelk.experiment.ts",
    ]);
    // The project has the package.json that it began with.
    expect(existsSync(join(folder, "package.json"))).toBe(true);
    expect(JSON.parse(fovea("check", made.network, "--json")).errors).toEqual([]);
    const { networks } = JSON.parse(
      fovea("generate", made.network, "--out", "generated", "--json"),
    );
    const [{ name, dir }] = networks;
    const said = execFileSync(
      python,
      [
        "-c",
        `import torch, ${name}\nprint(${name}.create_model(num_classes=7)(torch.zeros(1, 1, 48, 48)).shape[1])`,
      ],
      { cwd: join(dir, ".."), encoding: "utf8" },
    );
    expect(said.trim()).toBe("7");
    expect(fovea("generate", made.network, "--out", "generated", "--check")).toContain(
      "all as emitted",
    );
    expect(fovea("retarget", made.network, "--help")).toContain("--kernels");
  });

  test("trains a few steps, and lists the run without an index", { timeout: PATIENCE }, () => {
    const sets = ["recipe.steps=2", "recipe.batch=4", "data.train=8", "data.test=8"];
    const words = sets.flatMap((each) => ["--set", each]);
    const run = JSON.parse(
      fovea("run", "my_pelk.experiment.ts", "--device", "cpu", "--unverified", "--json", ...words),
    );
    expect(run.status).toBe("completed");
    const { runs } = JSON.parse(fovea("runs", "list", "--json"));
    expect(runs).toMatchObject([{ run: run.run, status: "completed" }]);
    const home = join(folder, ".fovea");
    expect(statSync(join(home, "runs", run.run, "checkpoints/last.pt")).size).toBeGreaterThan(0);
    const hasIndex = readdirSync(home).some((each) => each.startsWith("index.sqlite"));
    expect(hasIndex).toBe(existsSync(join(folder, "node_modules/better-sqlite3/build")));
  });

  test.each(["NodeNext", "Bundler"])(
    "its types suit a strict project with %s",
    { timeout: PATIENCE },
    (resolution) => {
      const tsc = join(packageRoot, "node_modules/typescript/bin/tsc");
      const module = resolution === "NodeNext" ? "NodeNext" : "ESNext";
      const options = {
        strict: true,
        noEmit: true,
        module,
        moduleResolution: resolution,
        target: "ES2022",
        // Declarations are looked at once.
        skipLibCheck: resolution === "Bundler",
        exactOptionalPropertyTypes: true,
        types: [],
      };
      const config = join(folder, `tsconfig.${module.toLowerCase()}.json`);
      writeFileSync(config, JSON.stringify({ compilerOptions: options, include: ["*.ts"] }));
      writeFileSync(
        join(folder, "package.json"),
        readFileSync(join(folder, "package.json"), "utf8").replace(
          '"type": "commonjs"',
          '"type": "module"',
        ),
      );
      expect(
        execFileSync(process.execPath, [tsc, "-p", config], { cwd: folder, encoding: "utf8" }),
      ).toBe("");
    },
  );
});
