import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demo } from "../../src/dsl/zoo/demo.js";
import { writeReport } from "../../src/report/write-report.js";
import { Browser, keepScreenshot, NO_BROWSER, overflow } from "../support/browser.js";
import { ended, evaluated, start, step, writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

describe.skipIf(NO_BROWSER !== null)(`in a browser${NO_BROWSER ? `: ${NO_BROWSER}` : ""}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await Browser.start();
  });
  afterAll(() => browser.close());

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 390],
    ["dark", 390],
  ] as const)("runs, %s, %i pixels wide", async (colorScheme, width) => {
    const home = temporaryFolder();
    const events = [
      start(),
      ...Array.from({ length: 60 }, (_, n) => step(n + 1, 2.3 / (1 + n / 8))),
      ...[20, 40, 60].map((n) => evaluated(n, { top1: 60 + n / 2, top5: 99, loss: 10 / n })),
      ended(),
    ];
    const ids = [{}, { experiment: { ...demo(), name: "other-run", seed: 7 } }].map(
      (fake) => writeRun(home, { events, ...fake }).id,
    );
    const { page: file } = writeReport(home, ids, join(home, "out"));
    const { page, complaints, requests } = await browser.open(pathToFileURL(file).href, {
      colorScheme,
      width,
    });
    await keepScreenshot(page, `report-runs-${colorScheme}-${width}`);
    expect(await overflow(page)).toBe(0);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([pathToFileURL(file).href]);
    await page.close();
  });
});
