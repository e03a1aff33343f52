import {
  COMPARED_COUNTS,
  type Compared,
  multipleInWords,
  publishedFigure,
  ratio,
} from "./comparison.js";
import { type LatexColumn, latexTable, latexText } from "./latex.js";

const UNKNOWN = "--";

const times = (sides: readonly number[]): string => `$${sides.join(" \\times ")}$`;

const COLUMNS: readonly LatexColumn[] = [
  { head: "Network", align: "l" },
  { head: "Input", align: "r" },
  ...COMPARED_COUNTS.flatMap(({ head, unit }): LatexColumn[] => [
    { head: `${head} (${unit.name})`, align: "r" },
    { head: "$\\times$", align: "r" },
  ]),
  { head: "large kernels (\\%)", align: "r" },
  { head: "field", align: "r" },
  { head: "published params (M)", align: "r" },
  { head: "published MACs (G)", align: "r" },
  { head: "top-1 (\\%)", align: "r" },
];

/** A published figure without its unit, which the column's head gives. */
function published(network: Compared, quantity: "params" | "macs" | "top1"): string {
  const printed = publishedFigure(network, quantity)?.printed;
  return printed === undefined ? UNKNOWN : latexText(printed.replace(/ ?[MG%]$/, ""));
}

/** A `booktabs` table: a row a network, each count with its multiple of the first network's. */
export function comparisonLatex(networks: readonly Compared[]): string {
  const [first] = networks;
  return latexTable(
    COLUMNS,
    networks.map((network) => [
      latexText(network.name),
      times(network.input.size),
      ...COMPARED_COUNTS.flatMap((count) => {
        const multiple = ratio(count, network, first);
        return [
          (count.of(network) / count.unit.size).toFixed(count.unit.digits),
          multiple === null ? UNKNOWN : multipleInWords(multiple),
        ];
      }),
      network.largeKernels === undefined
        ? UNKNOWN
        : (100 * network.largeKernels.share.dense).toFixed(1),
      network.receptiveField === undefined ? UNKNOWN : times(network.receptiveField.size),
      ...(["params", "macs", "top1"] as const).map((quantity) => published(network, quantity)),
    ]),
  );
}
