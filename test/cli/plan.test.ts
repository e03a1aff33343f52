import { describe, expect, test } from "vitest";
import * as plan from "../../src/cli/commands/plan.js";
import type { NetworkLayerPlan } from "../../src/ir/layer-plan.js";
import { planLayers } from "../../src/plan/layers.js";
import { runCommand } from "../support/command.js";
import { pelk } from "../support/networks.js";

const run = (...words: string[]) => runCommand(plan, ["plan", ...words]);

describe("fovea plan", () => {
  test("--json prints the plan for an H200 in bfloat16 where nothing else is asked", async () => {
    const { exit, stderr, json } = await run("pelk_tiny", "--json");
    expect([exit, stderr]).toEqual([0, ""]);
    const seen = json() as NetworkLayerPlan;
    const wanted = planLayers(pelk("tiny"), { target: "sm_90", dtype: "bf16", batch: 64 });
    expect(seen).toEqual({ ...JSON.parse(JSON.stringify(wanted)), name: "pelk_tiny" });
    for (const row of seen.layers) {
      expect(row.method && row.reason && row.predicted.forward.limit).toBeTruthy();
    }
  });

  test("target, type, batch and size are those of the options", async () => {
    const words = ["--target", "sm_80", "--dtype", "fp16", "--batch", "8", "--size", "256x512"];
    const { json } = await run("pelk_tiny", ...words, "--json");
    expect(json()).toMatchObject({
      input: { size: [256, 512] },
      target: "sm_80",
      dtype: "fp16",
      batch: 8,
      layers: [{ map: [64, 128], target: "sm_80", dtype: "fp16", batch: 8 }, {}, {}, {}],
    });
    const cpu = await run("pelk_tiny", "--target", "cpu", "--json");
    expect(cpu.json()).toMatchObject({
      dtype: "fp32",
      batch: 4,
      layers: [{ method: "fft" }, {}, {}, {}],
    });
  });

  test("the text calls predictions so, and gives method, floor, reason, cells and constants", async () => {
    const { exit, stdout } = await run("pelk_tiny");
    expect(exit).toBe(0);
    for (const text of [
      "predicted time of one layer",
      "nothing here is measured",
      "46 of 124",
      "floor",
      "weight gradient",
      "chained: whole planes fit a tile",
      "cells that reach: 5 4 2 1×5 2 4 5",
      "gemm: BLOCK_N ",
    ]) {
      expect(stdout).toContain(text);
    }
  });

  test.each([
    ["--target", "sm_70", "cpu, sm_80, sm_90, sm_100, sm_120"],
    ["--dtype", "int8", "fp32, bf16, fp16"],
    ["--batch", "0", "from 1 to 65536"],
    ["--batch", "1e3", "from 1 to 65536"],
    ["--size", "31", "at least 32 pixels"],
    ["--size", "big", "from 1 to 65536"],
  ])("%s %s is refused with what is allowed", async (option, value, allowed) => {
    const { exit, stdout, stderr } = await run("pelk_tiny", option, value);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`${option} ${value}`);
    expect(stderr).toContain(allowed);
  });
});
