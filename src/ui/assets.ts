import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { FoveaError } from "../ir/error.js";
import { packageRoot } from "../ir/package-root.js";

/** A file of the page, as Vite built it. */
export interface Asset {
  readonly type: string;
  readonly body: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Where `npm run build` puts the page. */
const BUILT_PAGE = join(packageRoot, "dist/ui/client");

/**
 * All files of the page by the path that they are asked for with. They are few and held in memory:
 * no request's path ever reaches the disk.
 *
 * @throws FoveaError FOV0161 where the page is not built
 */
export function readAssets(folder = BUILT_PAGE): ReadonlyMap<string, Asset> {
  try {
    const names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const assets = new Map(
      names.map((file): [string, Asset] => [
        file.slice(folder.length).replaceAll("\\", "/"),
        { type: TYPES[extname(file)] ?? "application/octet-stream", body: readFileSync(file) },
      ]),
    );
    const page = assets.get("/index.html");
    if (page !== undefined) return assets.set("/", page);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  throw new FoveaError({
    code: "FOV0161",
    message: `the page is not built: there is no ${join(folder, "index.html")}`,
    fix: "run npm run build in fovea's checkout, or install fovea again",
  });
}
