import type { Bench, BenchKernel } from "../ir/bench.js";
import { BENCH_COLUMNS, benchMachine, benchRemarks, benchRows, benchTitle } from "./bench-rows.js";
import { plainTable } from "./table.js";

/** What the columns hold; the same words below the table and beside it. */
const LEGEND =
  "Medians with their spread. `/ auto`: time over auto's, the median of paired rounds. `floor`: time in which the bytes that have to move can be copied, over this time. `peak`: the direct sum's FLOPs over this time, of the measured matrix peak; sharing and FFT can pass 100%. `MiB`: most memory in use by one forward+backward, beyond its inputs.";

/** One kernel's tables and remarks for the terminal. */
export function benchText(kernel: BenchKernel): string {
  const parts = kernel.shapes.map((shape) =>
    [
      `${benchTitle(kernel, shape)}, ${benchMachine(kernel)}`,
      plainTable(BENCH_COLUMNS, benchRows(shape)),
      ...benchRemarks(shape).map((remark) => `  ${remark}`),
    ].join("\n"),
  );
  return [...parts, ...kernel.failures.map((failure) => `FAILED: ${failure}`)].join("\n\n");
}

/** All kernels as one Markdown file, with the picture above where there is one. */
export function benchMarkdown({ kernels }: Bench): string {
  const sections = kernels.flatMap((kernel) => [
    ...kernel.shapes.flatMap((shape) => [
      `## ${benchTitle(kernel, shape)}`,
      `${benchMachine(kernel)}. Kernel ${kernel.hash.slice(0, 8)}.`,
      markdownTable(benchRows(shape)),
      benchRemarks(shape)
        .map((remark) => `- ${remark}`)
        .join("\n"),
    ]),
    ...kernel.failures.map((failure) => `**FAILED**: ${failure}`),
  ]);
  return `${["# Times", "![Times](bench.svg)", LEGEND, ...sections].join("\n\n")}\n`;
}

function markdownTable(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const heads = BENCH_COLUMNS.map(([head]) => head);
  const aligns = BENCH_COLUMNS.map(([, align]) => (align === "left" ? "---" : "---:"));
  return [line(heads), line(aligns), ...rows.map(line)].join("\n");
}
