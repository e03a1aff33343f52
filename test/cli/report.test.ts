import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { beforeEach, describe, expect, test, vi } from "vitest";
import * as command from "../../src/cli/commands/report.js";
import { demo } from "../../src/dsl/zoo/demo.js";
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
    expect(outcome.json()).toEqual({
      dir: out,
      files: ["index.html", "results.csv"],
      runs: [id],
    });
    expect(readdirSync(out).sort()).toEqual(["index.html", "results.csv"]);
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
    const table = document.querySelector("table");
    const head = [...(table?.querySelectorAll("thead th") ?? [])].map((cell) => cell.textContent);
    expect(head).toEqual(["run", "status", "top1 (%)", "loss", "steps", "time", "name", "seed"]);
    expect(table?.textContent).toContain(a.id);
    expect(table?.textContent).toContain(b.id);
    const csv = readFileSync(join(out, "results.csv"), "utf8").trimEnd().split("\r\n");
    expect(csv[0]).toBe("run,experiment,network,hash,seed,status,device,step,seconds,top1,loss");
    expect(csv.find((line) => line.startsWith(a.id))).toMatch(/,0\.3333333333333333,$/);
    expect(csv.find((line) => line.startsWith(b.id))).toMatch(/,50,1\.5$/);
  });

  test("may be none", async () => {
    expect((await report("--out", out)).exit).toBe(0);
    expect(page()).toContain("There are no runs yet.");
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
