import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeReport } from "../../src/report/write-report.js";
import { listRuns } from "../../src/runs/run-index.js";
import { Browser, keepScreenshot, NO_BROWSER, overflow } from "../support/browser.js";
import { type EventBody, ended, evaluated, start, step, writeRun } from "../support/runs.js";
import { sweepOver } from "../support/sweeps.js";

const sweep = sweepOver([11, 23, 35], [0.001, 0.002], [0, 1, 2]);

/** Runs of all points but the last one, the one before it failed; returns the report's page. */
async function report(home: string): Promise<string> {
  for (const [index, { experiment }] of sweep.points.slice(0, -1).entries()) {
    const failed = index === sweep.points.length - 2;
    writeRun(home, {
      experiment,
      status: failed ? "failed" : "completed",
      events: failed ? [start(), step(1), ended("failed")] : training(index),
    });
  }
  const known = await listRuns(home);
  const request = { named: [], sweeps: [sweep], known, title: null, erf: null };
  writeReport(request, join(home, "out"));
  return pathToFileURL(join(home, "out", "index.html")).href;
}

function training(index: number): readonly EventBody[] {
  const noise = (n: number): number => Math.sin(n * 12.9898 + index * 78.233) * 0.06;
  return [
    start(),
    {
      type: "kernel_methods",
      layers: [
        { layer: "stages.0.blocks.0.mixer", method: "boxes", reason: "microseconds put: 12.3" },
        { layer: "stages.1.blocks.0.mixer", method: "fft", reason: "microseconds put: 45.6" },
      ],
    },
    ...(index === 0 ? [{ type: "warning" as const, message: "3 images could not be read" }] : []),
    ...Array.from({ length: 120 }, (_, n) => step(n + 1, 2.3 / (1 + n / 12) + noise(n + 1))),
    ...Array.from({ length: 12 }, (_, n) =>
      evaluated(10 * (n + 1), {
        top1: 92 - 40 / (n + 1) + 2 * Math.floor(index / 6) + (index % 3) + 8 * noise(n),
        top5: 99.5 - 3 / (n + 1),
        loss: 2 / (n + 2),
      }),
    ),
    ended(),
  ];
}

/** Contrast of every text to its ground where that is below what WCAG's AA wants. */
async function faintTexts(page: Page): Promise<readonly string[]> {
  return await page.evaluate(() => {
    const channels = (color: string): number[] =>
      (color.match(/[\d.]+/g) ?? []).slice(0, 4).map(Number);
    const light = (color: string): number => {
      const [r = 0, g = 0, b = 0] = channels(color).map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const groundOf = (element: Element): string => {
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const { backgroundColor } = getComputedStyle(at);
        if (channels(backgroundColor)[3] !== 0) return backgroundColor;
      }
      return "rgb(255, 255, 255)";
    };
    const found = new Set<string>();
    for (const element of document.querySelectorAll("body *")) {
      const own = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== "",
      );
      if (!own || element.closest(".grids, style, title, desc") !== null) continue;
      const style = getComputedStyle(element);
      const color = element instanceof SVGElement ? style.fill : style.color;
      const [a, b] = [light(color), light(groundOf(element))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (contrast < 4.5) found.add(`${element.tagName} ${element.textContent}: ${contrast}`);
    }
    return [...found];
  });
}

describe.skipIf(NO_BROWSER !== null)(`in a browser${NO_BROWSER ? `: ${NO_BROWSER}` : ""}`, () => {
  let browser: Browser;
  let home = "";
  let url = "";
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "fovea-test-"));
    url = await report(home);
    browser = await Browser.start();
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  afterAll(() => browser.close());

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 390],
    ["dark", 390],
  ] as const)("a sweep, %s, %i pixels wide", async (colorScheme, width) => {
    const { page, complaints, requests } = await browser.open(url, { colorScheme, width });
    await keepScreenshot(page, `report-sweep-${colorScheme}-${width}`);
    expect(await overflow(page)).toBe(0);
    expect(await faintTexts(page)).toEqual([]);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([url]);
    await page.close();
  });
});
