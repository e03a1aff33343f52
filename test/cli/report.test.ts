import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { beforeEach, describe, expect, test, vi } from "vitest";
import * as command from "../../src/cli/commands/report.js";
import { demo } from "../../src/dsl/zoo/demo.js";
import type { Experiment } from "../../src/ir/experiment.js";
import { loadSweep } from "../../src/load/load-sweep.js";
import type { SweepRow } from "../../src/report/components/view.js";
import { runCommand } from "../support/command.js";
import { ended, evaluated, start, step, writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

const report = (...words: string[]) => runCommand(command, ["report", ...words]);
let home = "";
let out = "";

beforeEach(() => {
  home = temporaryFolder();
  out = join(home, "new", "report");
  vi.stubEnv("FOVEA_HOME", home);
  return () => {
    vi.unstubAllEnvs();
  };
});

const page = (): string => readFileSync(join(out, "index.html"), "utf8");

describe("one run", () => {
  const events = [
    start(),
    {
      type: "kernel_methods" as const,
      layers: [{ layer: "x", method: "fft", reason: "<large> kernel" }],
    },
    { type: "warning" as const, message: "<script>alert(1)</script>" },
    step(1, 2.5),
    step(2, null),
    evaluated(2, { top1: 87.5, loss: 0.4321 }),
    ended(),
  ];

  test("a page that needs nothing else, with the id, the figures and pictures", async () => {
    const { id } = writeRun(home, { events });
    const outcome = await report(id, "--out", out, "--json");
    const names = ["index.html", "results.csv", "table.md", "table.tex"];
    expect(outcome.json()).toMatchObject({ dir: out, runs: [id], sweeps: [], warnings: [] });
    const { files } = outcome.json() as { files: string[] };
    expect(files).toEqual(expect.arrayContaining([...names, "figures/loss.svg"]));
    expect(readdirSync(out).sort()).toEqual(["figures", ...names]);
    expect(
      readdirSync(join(out, "figures"))
        .map((name) => `figures/${name}`)
        .sort(),
    ).toEqual(files.slice(names.length).sort());
    const { document } = parseHTML(page());
    const text = document.body.textContent ?? "";
    for (const part of [
      id,
      "87.50",
      "0.4321",
      "fft (<large> kernel)",
      "0123456789abcdef",
      "a-host",
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain("pelk_digits, input 1×48×48");
    expect(document.querySelectorAll(".charts figure svg")).toHaveLength(3);
    expect(document.querySelectorAll(".grids svg").length).toBeGreaterThan(0);
    // Nothing is loaded from anywhere, and nothing of the run's becomes markup.
    expect(document.querySelectorAll("script, link, img, iframe")).toHaveLength(0);
    expect(page().match(/(?:src|href)="(?!#)[^"]*"/g)).toBeNull();
    expect(page()).toContain("&lt;script>alert(1)&lt;/script>");
  });

  test("the curve of the loss goes through what was logged", async () => {
    const { id } = writeRun(home, {
      events: [
        start(),
        ...[1, 2, 3].map((n) => step(n, 4 - n)),
        evaluated(3, { top1: 1, loss: 1 }),
      ],
    });
    await report(id, "--out", out);
    const { document } = parseHTML(page());
    const path = document.querySelector('figure svg [aria-label="line"] path')?.getAttribute("d");
    const points =
      path
        ?.slice(1)
        .split("L")
        .map((pair: string) => pair.split(",").map(Number)) ?? [];
    expect(points).toHaveLength(3);
    const [a, b, c] = points;
    // Equal steps along both axes: a straight line that goes down the page.
    expect((a?.[0] ?? 0) + (c?.[0] ?? 0)).toBeCloseTo(2 * (b?.[0] ?? 0), 1);
    expect((a?.[1] ?? 0) + (c?.[1] ?? 0)).toBeCloseTo(2 * (b?.[1] ?? 0), 1);
    expect(c?.[1]).toBeGreaterThan(a?.[1] ?? 0);
  });

  test("one that never started is reported too", async () => {
    const { id } = writeRun(home, { status: "failed", events: "" });
    expect((await report(id, "--out", out)).exit).toBe(0);
    expect(page()).toContain("never evaluated");
  });
});

describe("all runs", () => {
  test("are compared: what differs, and what was measured", async () => {
    const a = writeRun(home, {
      events: [start(), step(1), evaluated(1, { top1: 1 / 3, loss: null })],
    });
    const b = writeRun(home, { experiment: { ...demo(), name: "other", seed: 9 } });
    const outcome = await report("--out", out);
    expect(outcome.stdout.trim()).toBe(join(out, "index.html"));
    const { document } = parseHTML(page());
    const table = document.querySelector("#runs table");
    const head = [...(table?.querySelectorAll("thead th") ?? [])].map((cell) => cell.textContent);
    expect(head).toEqual(["run", "status", "top1 (%)", "loss", "steps", "time", "name", "seed"]);
    expect(table?.textContent).toContain(a.id);
    expect(table?.textContent).toContain(b.id);
    const csv = readFileSync(join(out, "results.csv"), "utf8").trimEnd().split("\r\n");
    expect(csv[0]).toBe(
      "run,experiment,network,hash,seed,status,device,step,seconds,top1,loss,parameters,nonzero_parameters,macs,nonzero_macs,name",
    );
    expect(csv.find((line) => line.startsWith(a.id))).toContain(",0.3333333333333333,,111150,");
    expect(csv.find((line) => line.startsWith(b.id))).toMatch(/,50,1\.5,111150,.*,other$/);
  });

  test("may be none", async () => {
    expect((await report("--out", out)).exit).toBe(0);
    expect(page()).toContain("There are no runs yet.");
  });
});

describe("a sweep", () => {
  const FILE = `import { digits, experiment, pelk, recipe, sweep } from "fovea";
const base = experiment({
  name: "demo",
  network: pelk("tiny", { input: { channels: 1, size: 64 } }),
  data: digits(),
  recipe: recipe.digits(),
});
export default sweep({ name: "rates", base, over: { "recipe.lr": [0.001, 0.004] }, seeds: [0, 1, 2] });
`;

  test("means over its seeds, in every form; failed and missing points are told", async () => {
    const file = sweepFile();
    const { sweep } = await loadSweep(file, home);
    const [a, b, c, d, e] = sweep.points.map(({ experiment }) => experiment);
    const done = (top1: number) => [start(), step(1), evaluated(1, { top1, loss: 1 }), ended()];
    writeRun(home, { experiment: a as Experiment, events: done(90) });
    writeRun(home, { experiment: b as Experiment, events: done(92) });
    writeRun(home, { experiment: c as Experiment, events: done(94) });
    writeRun(home, { experiment: d as Experiment, events: done(50) });
    const failed = writeRun(home, {
      experiment: e as Experiment,
      status: "failed",
      events: [start(), ended("failed")],
    });
    // Another run, which the sweep does not have.
    const other = writeRun(home, { experiment: { ...demo(), name: "other" } });
    const outcome = await report("--sweep", file, "--out", out, "--json");
    expect(outcome.exit).toBe(0);
    const { sweeps, runs } = outcome.json() as {
      sweeps: { rows: SweepRow[] }[];
      runs: string[];
    };
    expect(runs).toHaveLength(5);
    expect(runs).not.toContain(other.id);
    const [first, second] = sweeps[0]?.rows ?? [];
    expect(first?.metrics["top1"]).toEqual({ mean: 92, std: 2, n: 3, best: true });
    expect(second?.metrics["top1"]).toEqual({ mean: 50, std: null, n: 1, best: false });
    expect(second?.members.map(({ status }) => status)).toEqual(["completed", "failed", "missing"]);

    const markdown = readFileSync(join(out, "table.md"), "utf8");
    expect(markdown).toContain("## rates\n");
    expect(markdown).toContain("| 0.001 | **92.00** ± 2.00 |");
    expect(markdown).toContain(`- recipe.lr 0.004, seed 1: failed (${failed.id})`);
    expect(markdown).toContain("seed 2: missing (");
    const latex = readFileSync(join(out, "table.tex"), "utf8");
    expect(latex).toContain("  0.001 & \\textbf{92.00} $\\pm$ 2.00 & ");
    expect(latex).toContain("top1 (\\%) $\\uparrow$");
    const csv = readFileSync(join(out, "results.csv"), "utf8").trimEnd().split("\r\n");
    expect(csv).toHaveLength(7);
    expect(csv.at(-1)).toMatch(/^,demo,pelk_tiny,[0-9a-f]{64},2,missing,.*,rates,0\.004$/);
    const text = parseHTML(page()).document.body.textContent ?? "";
    for (const part of ["92.00 ± 2.00", "1 of 3", failed.id, "2 of 6 points are in no mean"]) {
      expect(text).toContain(part);
    }
  });

  test("a run beside it, a title, and a condition", async () => {
    const file = sweepFile();
    const other = writeRun(home, { experiment: { ...demo(), name: "other" } });
    await report(other.id, file, "--out", out, "--title", "A <b>title</b>");
    const { document } = parseHTML(page());
    expect(document.querySelector("h1")?.textContent).toBe("A <b>title</b>");
    expect(document.body.textContent).toContain(other.id);
    expect(document.body.textContent).toContain("6 of 6 points are in no mean");
    const selected = await report("--where", "name=nobody", "--out", out, "--json");
    expect(selected.json()).toMatchObject({ runs: [] });
    const mistake = await report("--where", "top1>>", "--out", out, "--json");
    expect(mistake.exit).toBe(2);
  });

  function sweepFile(): string {
    const file = join(home, "rates.sweep.ts");
    writeFileSync(file, FILE);
    return file;
  }
});

describe("pictures of receptive fields", () => {
  const picture = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

  test("a run's own, and those of a folder that is named", async () => {
    const { id, directory } = writeRun(home);
    const folder = join(home, "erf");
    for (const [where, name] of [
      [join(directory, "erf"), id],
      [folder, "pelk_digits"],
    ] as const) {
      mkdirSync(where);
      writeFileSync(join(where, `${name}.svg`), picture);
    }
    await report(id, "--erf", folder, "--out", out);
    const { document } = parseHTML(page());
    const images = [...document.querySelectorAll("img")];
    expect(images.map((image) => image.getAttribute("alt"))).toEqual([
      `Effective receptive field of ${id}`,
      "Effective receptive field of pelk_digits",
    ]);
    expect(document.querySelectorAll("script")).toHaveLength(0);
    expect(readFileSync(join(out, "figures", `erf-${id}.svg`), "utf8")).toBe(picture);
  });

  test("a folder without them is a mistake", async () => {
    const { id } = writeRun(home);
    const { exit, json } = await report(id, "--erf", home, "--out", out, "--json");
    expect(exit).toBe(2);
    expect(json()).toMatchObject({ error: { code: "FOV0155" } });
  });
});

describe("mistakes", () => {
  test("an unknown run writes nothing", async () => {
    const { id } = writeRun(home);
    const { exit, json } = await report(id, "nothing-12345678-1", "--out", out, "--json");
    expect(exit).toBe(2);
    expect(json()).toMatchObject({ error: { code: "FOV0070" } });
    expect(readdirSync(home)).not.toContain("new");
  });

  test("a folder that cannot be written", async () => {
    writeRun(home);
    writeFileSync(join(home, "file"), "");
    const { exit, stderr } = await report("--out", join(home, "file", "x"));
    expect(exit).toBe(1);
    expect(stderr).toMatch(/ENOTDIR/);
  });
});
