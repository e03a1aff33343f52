import { accessSync, constants, mkdirSync, rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BrowserContext, chromium, type Page } from "playwright-core";

/** Where screenshots are kept; git ignores it. */
const ARTEFACTS = fileURLToPath(new URL("../artefacts", import.meta.url));

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The system's Chromium; `null` where there is none. `FOVEA_CHROMIUM` names another. */
function findChromium(): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const named = process.env["FOVEA_CHROMIUM"];
  const candidates = [
    ...(named === undefined ? [] : [named]),
    ...["chromium", "chromium-browser", "google-chrome"].flatMap((name) =>
      folders.map((folder) => join(folder, name)),
    ),
  ];
  return candidates.find(isExecutable) ?? null;
}

/** Why tests in a browser are skipped; `null` where they run. */
export const NO_BROWSER =
  findChromium() === null ? "no Chromium on PATH (Debian: apt install chromium)" : null;

export interface PageOptions {
  readonly colorScheme?: "light" | "dark";
  /** Pixels; 390 is a phone's width. */
  readonly width?: number;
  readonly height?: number;
}

/** What a page did besides being shown. */
export interface Watched {
  readonly page: Page;
  /** Errors and warnings of the console, and exceptions that nobody caught. */
  readonly complaints: readonly string[];
  /** Addresses that were asked for, but for `data:` and `blob:`. */
  readonly requests: readonly string[];
}

/** A headless Chromium with a fresh profile; `close` ends it and removes the profile. */
export class Browser {
  readonly #context: BrowserContext;
  readonly #profile: string;

  private constructor(context: BrowserContext, profile: string) {
    this.#context = context;
    this.#profile = profile;
  }

  static async start(): Promise<Browser> {
    const executablePath = findChromium();
    if (executablePath === null) throw new Error(NO_BROWSER ?? "");
    const profile = await mkdtemp(join(tmpdir(), "fovea-chromium-"));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath,
      headless: true,
      args: FLAGS,
    });
    return new Browser(context, profile);
  }

  /** A new page that is watched from its first request on. */
  async open(url: string, options: PageOptions = {}): Promise<Watched> {
    const { colorScheme = "light", width = 1280, height = 900 } = options;
    const page = await this.#context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      if (!/^(?:data|blob):/.test(request.url())) requests.push(request.url());
    });
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await page.goto(url);
    return { page, complaints, requests };
  }

  async close(): Promise<void> {
    await this.#context.close();
    rmSync(this.#profile, { recursive: true, force: true });
  }
}

/** Keeps a picture of the whole page as `test/artefacts/NAME.png`. */
export async function keepScreenshot(page: Page, name: string): Promise<string> {
  mkdirSync(ARTEFACTS, { recursive: true });
  const path = join(ARTEFACTS, `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  return path;
}

/** Pixels by which the page is wider than what is seen of it; 0 where nothing has to be scrolled. */
export async function overflow(page: Page): Promise<number> {
  return await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
