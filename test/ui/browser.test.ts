import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demo } from "../../src/dsl/zoo/demo.js";
import { startOf } from "../../src/launch/process-identity.js";
import { Browser, keepScreenshot, NO_BROWSER, overflow, type Watched } from "../support/browser.js";
import { fakePython, startFovea } from "../support/harness.js";
import { writeManyRuns } from "../support/many-runs.js";
import { serve } from "../support/page-server.js";
import {
  type EventBody,
  ended,
  evaluated,
  eventLines,
  start,
  step,
  writeRun,
} from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

const LIVE = { status: "running", pid: process.pid, started: startOf(process.pid) } as const;

/** A training as it looks after some steps. */
function training(steps: number, scale = 1): readonly EventBody[] {
  const bodies: EventBody[] = [
    { ...start(), steps: 400 } as EventBody,
    {
      type: "kernel_methods",
      layers: [{ layer: "stages.0", method: "fft", reason: "a large kernel on the CPU" }],
    },
    { type: "warning", message: "the classifier has 10 classes, the data 9" },
  ];
  for (let n = 1; n <= steps; n += 1) {
    bodies.push(step(n, scale * (2.3 * Math.exp(-n / 90) + 0.05 * Math.sin(n))));
    if (n % 50 !== 0) continue;
    const [top1, top5] = [95 * (1 - Math.exp(-n / 70)), 99 * (1 - Math.exp(-n / 40))];
    bodies.push(evaluated(n, { top1, top5, loss: scale * 2.4 * Math.exp(-n / 90) }));
  }
  return bodies;
}

const text = async (page: Page, selector: string): Promise<string> =>
  (await page.locator(selector).first().textContent()) ?? "";

function expectClean({ complaints, requests }: Watched, port: number): void {
  expect(complaints).toEqual([]);
  const foreign = requests.filter((url) => !url.startsWith(`http://127.0.0.1:${port}/`));
  expect(foreign).toEqual([]);
}

describe.skipIf(NO_BROWSER !== null)(`the live page${NO_BROWSER ? ` (${NO_BROWSER})` : ""}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await Browser.start();
  });
  afterAll(async () => {
    await browser.close();
  });

  test("a run that starts appears, its step and events come as they are written, its end is shown", async () => {
    const home = fakePython("hangs");
    const { url, port } = await serve(home);
    const watched = await browser.open(url);
    const { page } = watched;
    await page.getByText("There are no runs").waitFor();
    // The token is not kept in the address.
    expect(new URL(page.url()).search).toBe("");
    const { group, ended: over } = startFovea(["run", "demo", "--json"]);
    await page.locator("tbody .status.running").waitFor({ timeout: 60_000 });
    await page.locator("tbody a").click();
    await page.getByText("training on cpu: 4 steps").waitFor();
    await page.getByText("step 1 of 4").waitFor();
    await page.getByText("Last lines of its output").click();
    await page.getByText("said on stdout").waitFor();
    process.kill(group, "SIGINT");
    await page.locator(".standing .status.cancelled").waitFor();
    await page.locator("tr.run_end", { hasText: "SIGINT after step 1" }).waitFor();
    expect((await over).code).toBe(130);
    expectClean(watched, port);
    await page.close();
  }, 300_000);

  test("ten thousand runs: few rows exist, and all can be reached", async () => {
    const home = temporaryFolder();
    const ids = writeManyRuns(home, 10_000);
    const { url, port } = await serve(home);
    const watched = await browser.open(url);
    const { page } = watched;
    await page.getByText("10,000 runs").waitFor({ timeout: 60_000 });
    const rows = async (): Promise<number> => await page.locator("tbody tr[data-row]").count();
    expect(await rows()).toBeLessThan(80);
    await page.getByRole("button", { name: "run", exact: true }).click();
    await page.locator(".rows").focus();
    await page.keyboard.press("End");
    await page.locator(`[data-row="9999"] a`).waitFor();
    expect(await rows()).toBeLessThan(80);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(
      [...ids].sort().at(-1),
    );
    await page.keyboard.press(" ");
    await page.keyboard.press("Home");
    await page.locator(`[data-row="0"] a`).waitFor();
    await page.keyboard.press(" ");
    await page.getByRole("link", { name: "compare 2 runs" }).waitFor();
    await page.locator(".rows").evaluate((box) => box.scrollTo(0, 180_000));
    await page.locator(`[data-row="5000"]`).waitFor();
    await page.getByRole("searchbox").fill(`${ids[1233]}`);
    await page.getByText("1 of 10,000 runs").waitFor();
    await page.getByRole("searchbox").fill("");
    await page.getByRole("button", { name: "failed" }).click();
    await page.getByText("2,000 of 10,000 runs").waitFor();
    await page.getByRole("button", { name: "top1" }).click();
    expect(await page.locator("th[aria-sort=descending]").textContent()).toContain("top1");
    expect(await text(page, '[data-row="0"] td:nth-child(5)')).toBe("98.00");
    await keepScreenshot(page, "ui-ten-thousand");
    expectClean(watched, port);
    await page.close();
  }, 120_000);

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["dark", 390],
  ] as const)("%s, %i pixels wide: list, run and comparison", async (colorScheme, width) => {
    const home = temporaryFolder();
    writeManyRuns(home, 40);
    const base = demo();
    const live = writeRun(home, { ...LIVE, counter: 100, events: training(230) });
    const recipe = { ...base.recipe, lr: 0.01 };
    const other = writeRun(home, {
      experiment: { ...base, seed: 3, recipe },
      events: [...training(400, 1.2), ended()],
    });
    appendFileSync(join(live.directory, "events.jsonl"), "no event\n");
    writeFileSync(join(live.directory, "stdout.log"), "epoch 1\n");
    const { url, port } = await serve(home);
    const look = async (name: string, hash: string, act: (page: Page) => Promise<void>) => {
      const watched = await browser.open(url + hash, { colorScheme, width });
      await act(watched.page);
      await keepScreenshot(watched.page, `ui-${name}-${colorScheme}-${width}`);
      expect(await overflow(watched.page)).toBe(0);
      expectClean(watched, port);
      await watched.page.close();
    };
    await look("list", "", async (page) => {
      await page.locator("tbody .status.running").waitFor();
      await page.locator("tbody input").first().check();
    });
    await look("run", `#/run/${live.id}`, async (page) => {
      await page.getByText("events.jsonl:238: not JSON").waitFor();
      await page.locator(".plot canvas").first().waitFor();
      const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(colour).toBe(colorScheme === "dark" ? "rgb(15, 19, 24)" : "rgb(255, 255, 255)");
      // The drawings' own style sheets are let in, as the page's.
      const grid = page.locator("figure svg .name").first();
      expect(await grid.evaluate((name) => getComputedStyle(name).fontWeight)).toBe("600");
    });
    await look("compare", `#/compare/${live.id},${other.id}`, async (page) => {
      await page.locator("th", { hasText: "recipe.lr" }).waitFor();
      await page.locator(".plot canvas").first().waitFor();
    });
  });

  test("a page that nobody saw for a while has every event once", async () => {
    const home = temporaryFolder();
    const { id, directory } = writeRun(home, { ...LIVE, events: training(10) });
    const { url } = await serve(home);
    const { page } = await browser.open(`${url}#/run/${id}`);
    await page.locator("tr.run_start").waitFor();
    const show = async (hidden: boolean): Promise<void> =>
      await page.evaluate((isHidden) => {
        Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    const warn = (from: number): void =>
      appendFileSync(
        join(directory, "events.jsonl"),
        eventLines([{ type: "warning", message: `careful ${from}` }], from),
      );
    for (let round = 0; round < 4; round += 1) {
      warn(13 + 2 * round);
      await show(true);
      warn(14 + 2 * round);
      await show(false);
    }
    await page.locator("tr.warning", { hasText: "careful 20" }).waitFor();
    const lines = await page.locator("tr.warning td:last-child").allTextContents();
    expect(lines).toEqual([
      ...[20, 19, 18, 17, 16, 15, 14, 13].map((seq) => `warning: careful ${seq}`),
      "warning: the classifier has 10 classes, the data 9",
    ]);
    await page.close();
  });

  test("what is gone is told: a run, the server, and another server's token", async () => {
    const home = temporaryFolder();
    const first = await serve(home);
    const { page } = await browser.open(`${first.url}#/run/nothing-1`);
    await page.getByText("There is no such run").waitFor();
    const { id } = writeRun(home);
    await page.goto(`${page.url().split("#")[0]}#/run/${id}`);
    await page.getByText("Last lines of its output").waitFor();
    await first.close();
    await page.getByText("connection lost").waitFor();
    await page.close();
  });
});
