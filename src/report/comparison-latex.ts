import {
  COMPARED_COUNTS,
  type ComparedNetwork,
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
function published(network: ComparedNetwork, quantity: "params" | "macs" | "top1"): string {
  const printed = publishedFigure(network, quantity)?.printed;
  return printed === undefined ? UNKNOWN : latexText(printed.replace(/ ?[MG%]$/, ""));
}

/** A `booktabs` table: a row a network, each count with its multiple of the first network's. */
export function comparisonLatex(networks: readonly ComparedNetwork[]): string {
  const [first] = networks;
  return latexTable(
    COLUMNS,
    networks.map((network) => [
      latexText(network.name),
      network.input === null ? UNKNOWN : times(network.input),
      ...COMPARED_COUNTS.flatMap((count) => {
        const own = count.of(network);
        const multiple = ratio(count, network, first);
        return [
          own === null ? UNKNOWN : (own / count.unit.size).toFixed(count.unit.digits),
          multiple === null ? UNKNOWN : multipleInWords(multiple),
        ];
      }),
      network.largeKernels === null ? UNKNOWN : (100 * network.largeKernels).toFixed(1),
      network.receptiveField === null ? UNKNOWN : times(network.receptiveField),
      ...(["params", "macs", "top1"] as const).map((quantity) => published(network, quantity)),
    ]),
  );
}
