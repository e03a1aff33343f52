import { describe, expect, test } from "vitest";
import type { Card } from "../../src/analyse/account.js";
import * as zoo from "../../src/cli/commands/zoo.js";
import { shippedNetworks } from "../../src/dsl/zoo/shipped.js";
import { runCommand } from "../support/command.js";

describe("fovea zoo", () => {
  test("--json lists every shipped network with its counts", async () => {
    const { exit, json } = await runCommand(zoo, ["zoo", "--json"]);
    const { networks, experiments } = json() as { networks: Card[]; experiments: object[] };
    expect(exit).toBe(0);
    expect(networks.map(({ name }) => name)).toEqual(Object.keys(shippedNetworks));
    expect(networks.find(({ name }) => name === "pelk_tiny")).toMatchObject({
      params: { dense: 48_739_822 },
      macs: { dense: 9_735_277_828 },
    });
    expect(experiments.length).toBeGreaterThan(0);
  });

  test("prints one row each", async () => {
    const { stdout } = await runCommand(zoo, ["zoo"]);
    const row = stdout.split("\n").find((line) => line.startsWith("pelk_tiny "));
    expect(row).toMatch(/224×224 +51-49-47-13 +48\.74 M .*9\.735 G/);
    for (const name of Object.keys(shippedNetworks)) expect(stdout).toContain(`\n${name} `);
  });
});
