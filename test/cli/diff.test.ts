import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import * as command from "../../src/cli/commands/diff.js";
import * as generate from "../../src/cli/commands/generate.js";
import { writeFiles } from "../../src/disk/write-files.js";
import { demo } from "../../src/dsl/zoo/demo.js";
import { shippedNetworks } from "../../src/dsl/zoo/shipped.js";
import { packageOf } from "../../src/harness/emit-package.js";
import type { Network } from "../../src/ir/network.js";
import { runCommand } from "../support/command.js";
import { fakePython } from "../support/harness.js";
import { ended, evaluated, start, step, writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

const diff = (...words: string[]) => runCommand(command, ["diff", ...words]);
let home = "";

beforeEach(() => {
  home = temporaryFolder();
  vi.stubEnv("FOVEA_HOME", home);
  return () => {
    vi.unstubAllEnvs();
  };
});

/** A package in a folder, as `fovea generate` leaves it. */
function emit(folder: string, network: Network, source = "mine.ts"): string {
  writeFiles(folder, packageOf(network, source));
  return folder;
}

const small = (): Network => shippedNetworks["pelk_digits"]?.() as Network;

describe("specs", () => {
  test("the same is equal", async () => {
    const outcome = await diff("pelk_tiny", "pelk_tiny", "--json");
    expect(outcome.exit).toBe(0);
    expect(outcome.json()).toMatchObject({
      equal: true,
      scope: "networks",
      settings: [],
      figures: [],
      manifest: null,
      files: null,
      runs: null,
    });
    expect((await diff("demo", "demo")).stdout).toContain("nothing differs");
  });

  test("a declaration and the package that is generated from it are equal", async () => {
    const file = join(home, "mine.arch.ts");
    writeFileSync(
      file,
      'import { pelk } from "fovea";\nexport default pelk("tiny", { name: "mine" });\n',
    );
    const out = join(home, "out");
    expect((await runCommand(generate, ["generate", file, "--out", out])).exit).toBe(0);
    expect(readFileSync(join(out, "mine/model.py"), "utf8")).toContain("# src: mine.arch.ts:2\n");
    const { exit, stdout } = await diff(file, join(out, "mine"));
    expect([exit, stdout]).toEqual([0, expect.stringContaining("nothing differs")]);
  });

  test("settings that differ by path, and the figures that follow", async () => {
    const outcome = await diff("pelk_tiny", "pelk_base", "--json");
    expect(outcome.exit).toBe(1);
    expect(outcome.json()).toMatchObject({
      a: { name: "pelk_tiny", kind: "network", network: "pelk_tiny" },
      settings: [
        { path: "name" },
        { path: "depths", a: [3, 3, 9, 3], b: [3, 3, 27, 3] },
        { path: "widths", a: [96, 192, 384, 768], b: [128, 256, 512, 1024] },
        { path: "dropPath", a: 0.1, b: 0.5 },
      ],
      // What `fovea inspect` counts.
      figures: expect.arrayContaining([
        { path: "params.dense", a: 48739822, b: 150223796 },
        { path: "macs.nonzero", a: 5841094876, b: 18417863089 },
      ]),
    });
    expect((await diff("pelk_tiny", "pelk_base")).stdout).toMatch(/dropPath +0\.1 +0\.5\n/);
  });

  test("an experiment against a network is compared by its network", async () => {
    const outcome = await diff("demo", "pelk_digits", "--json");
    expect(outcome.exit).toBe(0);
    expect(outcome.json()).toMatchObject({ scope: "networks", equal: true });
    expect((await diff("demo", "pelk_tiny")).stdout).toContain("compared by their networks");
  });

  test("a model of timm against a network: only what both have", async () => {
    fakePython("completes");
    const outcome = await diff("timm:resnet18", "pelk_digits", "--json");
    expect(outcome.exit).toBe(1);
    const { settings, figures } = outcome.json() as {
      settings: { path: string }[];
      figures: { path: string; a: unknown }[];
    };
    expect(settings.map(({ path }) => path)).toEqual([
      "kind",
      "name",
      "input.channels",
      "input.size",
      "classes",
    ]);
    expect(figures).toContainEqual({ path: "params.dense", a: 300, b: expect.any(Number) });
    expect((await diff("timm:resnet18", "pelk_digits")).stdout).toContain("a model of timm");
  });
});

describe("packages", () => {
  test("differing files as a diff, what the manifests say, and headers", async () => {
    const a = emit(join(home, "a"), small());
    const b = emit(join(home, "b"), small());
    expect((await diff(a, b)).exit).toBe(0);
    const c = emit(join(home, "c"), small(), "other.ts");
    const headers = await diff(a, c, "--json");
    expect(headers.exit).toBe(1);
    expect(headers.json()).toMatchObject({
      manifest: [],
      files: expect.arrayContaining([
        {
          path: "blocks.py",
          status: "header",
          diff: expect.stringContaining("+# Source: other.ts"),
        },
      ]),
    });
    appendFileSync(join(b, "blocks.py"), "\nMINE = 1\n");
    rmSync(join(b, "layers.py"));
    writeFileSync(join(b, "extra.py"), "");
    const edited = await diff(a, b, "--json");
    expect(edited.exit).toBe(1);
    expect(edited.json()).toMatchObject({
      settings: [],
      files: [
        { path: "blocks.py", status: "changed", diff: expect.stringContaining("+MINE = 1") },
        { path: "extra.py", status: "only_b", diff: null },
        { path: "layers.py", status: "only_a", diff: null },
      ],
    });
    expect((await diff(a, b)).stdout).toMatch(/--- blocks\.py \(A\)\n\+\+\+ blocks\.py \(B\)/);
  });

  test("of two networks", async () => {
    const a = emit(join(home, "a"), small());
    const wider = { ...small(), widths: [32, 128] };
    const b = emit(join(home, "b"), wider);
    expect((await diff(a, b, "--json")).json()).toMatchObject({
      settings: [{ path: "widths", a: [32, 96], b: [32, 128] }],
      manifest: expect.arrayContaining([expect.objectContaining({ path: "params.dense" })]),
    });
  });

  test("against what declares it: the code that it gives now, whatever its header", async () => {
    const a = emit(join(home, "a"), small(), "else.ts");
    expect((await diff(a, "pelk_digits")).exit).toBe(0);
    appendFileSync(join(a, "model.py"), "# mine\n");
    expect((await diff("pelk_digits", a, "--json")).json()).toMatchObject({
      files: [{ path: "model.py", diff: expect.stringContaining("+# mine") }],
    });
  });
});

describe("runs", () => {
  const events = [start(), step(1, 2.5), evaluated(1, { top1: 50 }), ended()];

  test("spec, facts and results", async () => {
    const a = writeRun(home, { events });
    const same = writeRun(home, { events, counter: 2 });
    for (const { directory } of [a, same]) {
      emit(join(directory, "package", "pelk_digits"), small());
    }
    expect(await diff(a.id, same.id)).toMatchObject({ exit: 0 });
    const other = writeRun(home, {
      experiment: { ...demo(), seed: 5 },
      status: "failed",
      events: [
        { ...start(), host: { threads: "1" }, data: { train: "x" } } as never,
        step(1, 2.75),
        step(2, 2),
      ],
    });
    const outcome = await diff(a.id, other.id, "--json");
    expect(outcome.exit).toBe(1);
    expect(outcome.json()).toMatchObject({
      scope: "experiments",
      settings: [{ path: "seed", a: 0, b: 5 }],
      runs: {
        status: { a: "completed", b: "failed" },
        facts: [
          { path: "data.train", a: null, b: "x" },
          { path: "host.threads", a: null, b: "1" },
        ],
        losses: { compared: 1, equal: 0, missing: { a: 1, b: 0 }, first: { step: 1, b: 2.75 } },
        evals: { compared: 0, missing: { a: 0, b: 1 } },
      },
    });
    const { stdout } = await diff(a.id, other.id);
    expect(stdout).toContain("status: completed → failed");
    expect(stdout).toMatch(/host\.threads +not recorded +"1"/);
  });

  test("by their folders, wherever those lie; and against a declaration or a package", async () => {
    const { directory, id } = writeRun(home, { events });
    emit(join(directory, "package", "pelk_digits"), small());
    const elsewhere = join(temporaryFolder(), id);
    cpSync(directory, elsewhere, { recursive: true });
    expect((await diff(elsewhere, id)).exit).toBe(0);
    expect((await diff(id, "demo")).exit).toBe(0);
    const wider = emit(join(home, "b"), { ...small(), initStd: 0.2 });
    expect((await diff(id, wider, "--json")).json()).toMatchObject({
      scope: "networks",
      settings: [{ path: "initStd", a: 0.1, b: 0.2 }],
      files: expect.arrayContaining([expect.objectContaining({ path: "model.py" })]),
    });
  });
});

test("mistakes are told with their names, exit code 2", async () => {
  const folder = temporaryFolder();
  const several = join(folder, "several.ts");
  writeFileSync(
    several,
    'import { pelk } from "fovea";\nexport default [pelk("tiny"), pelk("base")];\n',
  );
  mkdirSync(join(folder, "empty"));
  writeFileSync(join(folder, "one.py"), "");
  emit(join(folder, "broken"), small());
  writeFileSync(join(folder, "broken", "manifest.json"), "{}");
  const codes: readonly (readonly [string, string])[] = [
    ["nothing_here", "FOV0030"],
    ["demo-00000000-1", "FOV0070"],
    [several, "FOV0142"],
    [join(folder, "empty"), "FOV0142"],
    [join(folder, "one.py"), "FOV0142"],
    [join(folder, "broken"), "FOV0142"],
  ];
  for (const [word, code] of codes) {
    const outcome = await diff("pelk_tiny", word, "--json");
    expect([word, outcome.exit]).toEqual([word, 2]);
    expect(outcome.json()).toMatchObject({ error: { code } });
  }
});
