import { join } from "node:path";
import { foveaVersion } from "../ir/version.js";
import { makeFolder } from "../runs/make-folder.js";
import { diskFailure, writeAtomically } from "../runs/write-atomically.js";
import { collectRun } from "./collect-run.js";
import { reportPage } from "./report-page.js";
import { resultsCsv } from "./results-csv.js";

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
    throw diskFailure(out, error, "name another folder with --out");
  }
  writeAtomically(page, reportPage(runs, foveaVersion()));
  writeAtomically(table, resultsCsv(runs));
  return { page, table };
}
