import type { CompiledKernel } from "../../harness/compile-kernels.js";
import { type Column, plainTable } from "../../report/table.js";

const COLUMNS: readonly Column[] = [
  ["Kernel", "left"],
  ["Arch", "left"],
  ["Dtype", "left"],
  ["Maps", "left"],
  ["Constants", "left"],
  ["Registers", "right"],
  ["Spills", "right"],
  ["Shared", "right"],
  ["Matrix", "left"],
];

/** A table a kernel file, a row for each specialisation and architecture; sizes are bytes. */
export function compileTable(kernels: readonly CompiledKernel[]): string {
  const modules = [...new Set(kernels.map(({ module }) => module))];
  return modules
    .map((name) => {
      const rows = kernels.filter(({ module }) => module === name).map(cells);
      return `${name}\n\n${plainTable(COLUMNS, rows)}`;
    })
    .join("\n\n");
}

function cells(row: CompiledKernel): string[] {
  return [
    row.kernel,
    row.arch,
    row.dtypes.join(" "),
    row.maps.map((map) => map.join("x")).join(" "),
    Object.entries(row.constants)
      .map(([name, value]) => `${name}=${value}`)
      .join(" "),
    String(row.registers),
    String(row.spills),
    String(row.shared),
    row.mma ?? "-",
  ];
}
