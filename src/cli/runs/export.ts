import { resolve } from "node:path";
import { writeFile } from "../../disk/write-files.js";
import { exportCsv, exportParquet, exportRecords } from "../../report/export-format.js";
import { type ExportColumn, exportTable } from "../../report/export-table.js";
import { selectRuns } from "../../runs/query/select-runs.js";
import { parseChoice } from "../choice.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { optionMistake } from "../whole.js";

/** Options of `fovea runs export`. */
export interface ExportOptions {
  readonly format?: string;
  readonly out?: string;
  readonly where?: string;
}

const FORMATS = ["csv", "json", "parquet"] as const;
type Format = (typeof FORMATS)[number];

/**
 * Writes runs as a table to a file, or to stdout.
 *
 * @throws FoveaError FOV0040 for a format that stdout does not take, FOV0051 for a full disk
 */
export async function exportCommand(
  io: Io,
  home: string,
  { format: written, out, where }: ExportOptions,
): Promise<ExitCode> {
  const format = written === undefined ? formatOf(out) : parseChoice("--format", written, FORMATS);
  if (out === undefined && (format === "parquet" || (io.json && format === "csv"))) {
    const wrong = io.json ? "stdout is --json's" : "not for a terminal";
    throw optionMistake("--format", format, wrong, { fix: "name a file: --out FILE" });
  }
  const { runs } = await selectRuns(home, where);
  const columns = exportTable(runs);
  if (out === undefined) {
    if (format === "json") await io.result(exportRecords(columns, runs.length));
    // Its last line ends by itself, as every line of CSV does: printing adds the line feed.
    else await io.print(exportCsv(columns, runs.length).slice(0, -1));
    return EXIT.done;
  }
  const path = resolve(out);
  writeFile(path, contentOf(format, columns, runs.length));
  const document = { out: path, format, runs: runs.length, columns: columns.length };
  if (io.json) await io.result(document);
  else io.note(`${runs.length} runs in ${path}, ${format}`);
  return EXIT.done;
}

/** As the file's name ends, else CSV. */
function formatOf(out = ""): Format {
  return FORMATS.find((format) => out.toLowerCase().endsWith(`.${format}`)) ?? "csv";
}

function contentOf(
  format: Format,
  columns: readonly ExportColumn[],
  rows: number,
): string | Uint8Array {
  if (format === "csv") return exportCsv(columns, rows);
  if (format === "parquet") return exportParquet(columns);
  return `${JSON.stringify(exportRecords(columns, rows), null, 2)}\n`;
}
