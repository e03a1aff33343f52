import { join } from "node:path";
import { diskError } from "../disk/disk-error.js";
import { makeFolder } from "../disk/make-folder.js";
import { writeAtomically } from "../disk/write-atomically.js";
import { foveaVersion } from "../ir/version.js";
import { collectRun } from "./collect-run.js";
import { reportPage } from "./page/report-page.js";
import { resultsCsv } from "./results-csv.js";

const OUT_FIX = "make room, or name another folder with --out";

/**
 * Writes the report of some runs: `index.html`, self-contained, and `results.csv`.
 *
 * @returns the files that were written
 * @throws FoveaError FOV0070 for an unknown id, FOV0051 where the folder cannot be written
 */
export function writeReport(
  home: string,
  ids: readonly string[],
  out: string,
): { readonly page: string; readonly table: string } {
  const runs = ids.map((id) => collectRun(home, id));
  const page = join(out, "index.html");
  const table = join(out, "results.csv");
  try {
    makeFolder(out);
  } catch (error) {
    throw diskError(error, out, OUT_FIX);
  }
  writeAtomically(page, reportPage(runs, foveaVersion()), OUT_FIX);
  writeAtomically(table, resultsCsv(runs), OUT_FIX);
  return { page, table };
}
