import type { Diagnosis, Finding } from "../../harness/diagnose.js";
import { type Column, plainTable } from "../../report/table.js";

const COLUMNS: readonly Column[] = [
  ["", "left"],
  ["", "left"],
  ["found", "left"],
];

/** The findings for people, each with its fix below it, and what would run where. */
export function diagnosisText({ findings, runs }: Diagnosis): string {
  return [
    plainTable(COLUMNS, findings.flatMap(rows)),
    "",
    `--device auto   ${runs.device ?? "cannot run yet"}`,
    `kernels         ${runs.kernels}`,
  ].join("\n");
}

function rows({ name, status, found, fix }: Finding): readonly (readonly string[])[] {
  const row = [status, name, found];
  return fix === null ? [row] : [row, ["", "", `fix: ${fix}`]];
}
