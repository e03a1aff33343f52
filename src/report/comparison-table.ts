import {
  COMPARED_COUNTS,
  type ComparedNetwork,
  multipleInWords,
  publishedFigure,
  ratio,
} from "./comparison.js";
import { grouped, inUnits, percent } from "./quantity.js";
import { type Column, plainTable } from "./table.js";

/** Of an unknown figure. */
const UNKNOWN = "–";

const known = <T>(value: T | null, print: (value: T) => string): string =>
  value === null ? UNKNOWN : print(value);

/** Parameters, multiply-adds and top-1, as printed. */
function published(network: ComparedNetwork): string {
  const figures = (["params", "macs", "top1"] as const).map(
    (quantity) => publishedFigure(network, quantity)?.printed,
  );
  if (figures.every((figure) => figure === undefined)) return "";
  return figures.map((figure) => figure ?? UNKNOWN).join(" / ");
}

const COLUMNS: readonly Column[] = [
  ["network", "left"],
  ["input", "right"],
  ...COMPARED_COUNTS.flatMap(({ head }): Column[] => [
    [head, "right"],
    ["", "left"],
  ]),
  ["large kernels", "right"],
  ["field", "right"],
  ["published", "left"],
];

/** A row a network: counts, each with its multiple of the first network's. */
export function comparisonTable(networks: readonly ComparedNetwork[]): string {
  const [first, ...others] = networks;
  const times = (network: ComparedNetwork, count: (typeof COMPARED_COUNTS)[number]): string => {
    const multiple = others.length === 0 || network === first ? null : ratio(count, network, first);
    return multiple === null ? "" : `×${multipleInWords(multiple)}`;
  };
  return plainTable(
    COLUMNS,
    networks.map((network) => [
      network.name,
      known(network.input, (size) => size.join("×")),
      ...COMPARED_COUNTS.flatMap((count) => [
        known(count.of(network), inUnits),
        times(network, count),
      ]),
      known(network.largeKernels, percent),
      known(network.receptiveField, (size) => size.map(grouped).join("×")),
      published(network),
    ]),
  );
}
