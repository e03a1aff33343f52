import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tryBatch } from "../../support/programs/batch.js";
import { anyProgram } from "../../support/programs/build.js";
import { sourcesOf, writeProgram } from "../../support/programs/folders.js";
import { anyEdit } from "../../support/programs/requests.js";
import { programMistakes } from "../../support/programs/try-edit.js";
import { typeMistakes } from "../../support/programs/type-check.js";
import { temporaryFolder } from "../../support/temporary.js";

/** `scripts/retarget-edits.ts` tries as many as are asked for; these are a sign of life of it. */
const PROGRAMS = 20;
const EDITS = 40;

/** What fast-check draws with the seed of all tests, or with one of its own. */
function drawn<T>(arbitrary: fc.Arbitrary<T>, numRuns: number): readonly T[] {
  const { seed } = fc.readConfigureGlobal();
  return fc.sample(arbitrary, { numRuns, ...(seed === undefined ? {} : { seed }) });
}

describe("random programs", () => {
  test("declare what they were built to declare, and the compiler takes them", async () => {
    const root = temporaryFolder();
    const mistakes: string[] = [];
    const files: string[] = [];
    for (const [index, program] of drawn(anyProgram, PROGRAMS).entries()) {
      const folder = join(root, String(index));
      writeProgram(folder, program);
      mistakes.push(...(await programMistakes(folder, program)));
      files.push(...sourcesOf(folder, program));
    }
    expect(mistakes).toEqual([]);
    expect([...typeMistakes(files).values()].flat()).toEqual([]);
  }, 300_000);
});

describe("random edits", () => {
  test("give the sizes asked for and change nothing else, or are refused for a reason", async () => {
    const tried = await tryBatch(temporaryFolder(), drawn(anyEdit, EDITS));
    expect(tried.flatMap(({ mistakes }) => mistakes)).toEqual([]);
    const outcomes = new Set(tried.map(({ outcome }) => outcome));
    expect([...outcomes]).toEqual(expect.arrayContaining(["edited", "written out", "FOV0171"]));
  }, 300_000);
});
