import { join } from "node:path";
import { diskError } from "../disk/disk-error.js";
import { makeFolder } from "../disk/make-folder.js";
import { writeAtomically } from "../disk/write-atomically.js";
import { foveaVersion } from "../ir/version.js";
import { type ReportContent, type ReportRequest, reportContent } from "./content.js";
import { reportFigures, sectionsOf } from "./figure-files.js";
import { reportPage } from "./page/report-page.js";
import { resultsCsv } from "./results-csv.js";
import { sweepsLatex } from "./sweep/sweep-latex.js";
import { sweepsMarkdown } from "./sweep/sweep-markdown.js";

const OUT_FIX = "make room, or name another folder with --out";

/** What was written. */
export interface WrittenReport {
  readonly content: ReportContent;
  /** Relative to the folder, with `/`. */
  readonly files: readonly string[];
}

/**
 * Writes a report: `index.html`, self-contained; `results.csv`, a row a run; `table.md` and
 * `table.tex`, the means; `figures/`, what the page draws.
 *
 * @param out - the folder, which is made where there is none
 * @throws FoveaError FOV0070 for a run that cannot be read, FOV0155 for pictures that are not there,
 * FOV0051 where the folder cannot be written
 */
export function writeReport(request: ReportRequest, out: string): WrittenReport {
  const content = reportContent(request);
  const sections = sectionsOf(content);
  const tables = content.sweeps.map(({ view }) => view);
  const files: readonly (readonly [name: string, text: string | Buffer])[] = [
    ["index.html", reportPage(content, sections, foveaVersion())],
    ["results.csv", resultsCsv(content)],
    ...(tables.length === 0
      ? []
      : ([
          ["table.md", sweepsMarkdown(tables)],
          ["table.tex", sweepsLatex(tables)],
        ] as const)),
    ...reportFigures(content, sections),
  ];
  try {
    makeFolder(out);
    if (files.some(([name]) => name.includes("/"))) makeFolder(join(out, "figures"));
  } catch (error) {
    throw diskError(error, out, OUT_FIX);
  }
  for (const [name, text] of files) writeAtomically(join(out, name), text, OUT_FIX);
  return { content, files: files.map(([name]) => name) };
}
