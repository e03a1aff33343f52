import { appendFileSync, existsSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import * as command from "../../src/cli/commands/runs.js";
import { demo } from "../../src/dsl/zoo/demo.js";
import type { ComparedRun } from "../../src/runs/compare-runs.js";
import { runCommand } from "../support/command.js";
import { evaluated, eventLines, start, step, writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

const runs = (...words: string[]) => runCommand(command, ["runs", ...words]);
let home = "";

beforeEach(() => {
  home = temporaryFolder();
  vi.stubEnv("FOVEA_HOME", home);
  return () => {
    vi.unstubAllEnvs();
  };
});

describe("list", () => {
  test("without runs", async () => {
    expect((await runs("list", "--json")).json()).toEqual({ runs: [] });
    expect(await runs("list")).toMatchObject({ exit: 0, stdout: "" });
  });

  test("a table, and rows as JSON", async () => {
    const { id, directory } = writeRun(home);
    const metrics = { top1: 50, loss: 1.5 };
    expect((await runs("list", "--json")).json()).toMatchObject({
      runs: [{ run: id, status: "completed", dir: directory, metrics }],
    });
    expect((await runs("list")).stdout).toMatch(new RegExp(`${id} +completed +1 +50\\.00 +1\\.50`));
  });
});

describe("show", () => {
  test("counts the events and names the corrupt lines; a torn last line is none", async () => {
    const { id, directory } = writeRun(home, { events: [start(), step(1)] });
    appendFileSync(
      join(directory, "events.jsonl"),
      `rubbish\n${eventLines([step(2)], 2)}{"v":1,"seq":3`,
    );
    const shown = await runs("show", id, "--json");
    expect(shown.json()).toMatchObject({
      run: id,
      status: "completed",
      reason: null,
      events: { total: 3 },
      problems: [{ line: 3, message: "not JSON" }],
    });
    expect((await runs("show", id)).stdout).toContain("events.jsonl:3: not JSON");
  });

  test("a last line that only lacks its newline counts", async () => {
    const { id } = writeRun(home, { events: eventLines([start(), step(1)]).trimEnd() });
    expect((await runs("show", id, "--json")).json()).toMatchObject({ events: { total: 2 } });
  });
});

describe("compare", () => {
  test("names exactly the settings that differ, in the order given", async () => {
    const base = demo();
    const network = { ...base.network, mixers: [...base.network.mixers] };
    network.mixers[0] = {
      ...(network.mixers[0] as (typeof network.mixers)[0]),
      centre: 3,
    } as never;
    const other = { ...base, network, recipe: { ...base.recipe, lr: 0.01 } };
    const a = writeRun(home);
    const b = writeRun(home, { experiment: other });
    const { lr } = base.recipe;
    const compared = await runs("compare", b.id, a.id, "--json");
    expect(compared.json()).toMatchObject({
      runs: [
        {
          run: b.id,
          status: "completed",
          metrics: { top1: 50, loss: 1.5 },
          differs: { "network.mixers[0].centre": 3, "recipe.lr": 0.01 },
        },
        {
          run: a.id,
          status: "completed",
          metrics: { top1: 50, loss: 1.5 },
          differs: { "network.mixers[0].centre": 5, "recipe.lr": lr },
        },
      ],
    });
    const { runs: rows } = compared.json() as { runs: readonly ComparedRun[] };
    for (const { differs } of rows) {
      expect(Object.keys(differs)).toEqual(["network.mixers[0].centre", "recipe.lr"]);
    }
    const { stdout } = await runs("compare", a.id, b.id);
    expect(stdout).toMatch(new RegExp(`recipe\\.lr +${lr} +0\\.01`));
  });

  test("of equal runs nothing differs", async () => {
    const a = writeRun(home, { counter: 1 });
    const b = writeRun(home, { counter: 2 });
    expect((await runs("compare", a.id, b.id, "--json")).json()).toMatchObject({
      runs: [{ differs: {} }, { differs: {} }],
    });
  });
});

describe("tail", () => {
  test("prints a run that is over", async () => {
    const { id, directory } = writeRun(home, {
      events: [
        start(),
        { type: "warning", message: "careful\u001b[2J" },
        step(1),
        evaluated(1, { top1: 5 }),
      ],
    });
    const { exit, stdout } = await runs("tail", id);
    expect(exit).toBe(0);
    expect(stdout.trimEnd().split("\n")).toEqual([
      "training on cpu: 4 steps, 1,234 parameters",
      "warning: careful\\x1b[2J",
      "step 1  epoch 0.250  loss 1  lr 0.0010  100 images/s",
      "eval step 1  top1 5.00%",
    ]);
    expect((await runs("tail", id, "--json")).json()).toMatchObject({
      run: id,
      dir: directory,
      events: [{ type: "run_start" }, { type: "warning" }, { seq: 2 }, { metrics: { top1: 5 } }],
    });
  });
});

describe("rm", () => {
  test("removes the folder and asks nothing where stdin is no terminal", async () => {
    const { id, directory } = writeRun(home);
    expect(await runs("rm", id)).toMatchObject({ exit: 0 });
    expect(existsSync(directory)).toBe(false);
    expect(readdirSync(join(home, "runs"))).toEqual([]);
    expect((await runs("list", "--json")).json()).toEqual({ runs: [] });
  });

  test("refuses a live run", async () => {
    const { id, directory } = writeRun(home, { status: "running", pid: process.pid });
    expect(await runs("rm", id)).toMatchObject({ exit: 2, stderr: expect.stringContaining(id) });
    expect(existsSync(directory)).toBe(true);
  });

  test("of a link removes the link", async () => {
    const { directory } = writeRun(temporaryFolder());
    writeRun(home);
    symlinkSync(directory, join(home, "runs", "linked-1"));
    expect(await runs("rm", "linked-1")).toMatchObject({ exit: 0 });
    expect(existsSync(join(directory, "run.json"))).toBe(true);
    expect(existsSync(join(home, "runs", "linked-1"))).toBe(false);
  });
});

describe("an id that is none", () => {
  test.each([
    ["show", "demo-12345678-1"],
    ["tail", "../runs"],
    ["rm", ".."],
    ["rm", "/"],
    ["cancel", "x\u001b[31m"],
    ["compare", "demo-12345678-1"],
  ])("%s %j exits 2", async (verb, id) => {
    writeRun(home);
    const { exit, stdout, stderr } = await runs(verb, id);
    expect(exit).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("there is no run");
    expect(stderr).not.toContain("\u001b");
  });

  test("the nearest one is named", async () => {
    const { id } = writeRun(home);
    const { stderr } = await runs("show", `${id.slice(0, -1)}2`);
    expect(stderr).toContain(id);
    // A name alone is no id, and is answered with the ids that begin so.
    expect((await runs("show", "demo")).stderr).toContain(`did you mean ${id}?`);
  });

  test("a damaged record is told", async () => {
    const { id, directory } = writeRun(home);
    writeFileSync(join(directory, "run.json"), "{");
    expect(await runs("show", id)).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining("damaged"),
    });
    expect((await runs("list", "--json")).json()).toEqual({ runs: [] });
  });
});
