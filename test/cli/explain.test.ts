import { describe, expect, test } from "vitest";
import { account } from "../../src/analyse/account.js";
import * as explain from "../../src/cli/commands/explain.js";
import { ERROR_CODES, type ErrorCode } from "../../src/ir/codes.js";
import { EXPLANATIONS } from "../../src/ir/explanations/index.js";
import { load, mistake, project } from "../load/project.js";
import { runCommand } from "../support/command.js";

const run = (...words: string[]) => runCommand(explain, ["explain", ...words]);
const FILES = (Object.keys(EXPLANATIONS) as ErrorCode[]).flatMap((code) => {
  const { example } = EXPLANATIONS[code];
  return "file" in example ? [[code, example.file] as const] : [];
});

describe("the example of every code that a file triggers", () => {
  const isCheck = (code: string) => code >= "FOV0200" && code < "FOV0250";

  test.each(FILES.filter(([code]) => !isCheck(code)))(
    "%s is what loading it ends with",
    async (code, file) => {
      const found = await mistake(project({ "main.ts": file }));
      expect(found.code).toBe(code);
      expect(found.line).toBeGreaterThan(0);
    },
  );

  test.each(FILES.filter(([code]) => isCheck(code)))(
    "%s is among its checks",
    async (code, file) => {
      const { networks } = await load(project({ "main.ts": file }));
      const checks = networks.flatMap((network) => account(network).checks);
      expect(checks.map((check) => check.code)).toContain(code);
    },
  );

  test("there are some of both kinds", () => {
    expect(FILES.filter(([code]) => isCheck(code))).toHaveLength(18);
    expect(FILES.length).toBeGreaterThan(35);
  });
});

describe("fovea explain", () => {
  test.each(["FOV0012", "fov0012", "12", "0012"])("%s is FOV0012", async (word) => {
    const { exit, stdout } = await run(word);
    expect(exit).toBe(0);
    expect(stdout).toContain(`FOV0012: ${ERROR_CODES.FOV0012}`);
    expect(stdout).toContain("grid({ cells: [2, 1, 1, 2] })");
    expect(stdout).toContain("To do: ");
  });

  test("--json has all of it", async () => {
    expect((await run("FOV0050", "--json")).json()).toEqual({
      code: "FOV0050",
      meaning: ERROR_CODES.FOV0050,
      ...EXPLANATIONS.FOV0050,
    });
  });

  test("without a code lists all", async () => {
    const { stdout, exit } = await run();
    expect([exit, stdout.trim().split("\n").length]).toEqual([0, Object.keys(ERROR_CODES).length]);
    const { codes } = (await run("--json")).json() as { codes: unknown[] };
    expect(codes).toHaveLength(Object.keys(ERROR_CODES).length);
  });

  test.each(["FOV9999", "kernel", "", "FOV00512"])("%j is no code", async (word) => {
    const { exit, stdout, stderr } = await run(word);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("fovea explain");
  });
});
