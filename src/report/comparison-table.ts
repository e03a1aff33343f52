import {
  COMPARED_COUNTS,
  type Compared,
  type ComparedCount,
  multipleInWords,
  publishedFigure,
  ratio,
} from "./comparison.js";
import { grouped, inUnits, percent } from "./quantity.js";
import { type Column, plainTable } from "./table.js";

/** Of an unknown figure. */
const UNKNOWN = "–";

/** Parameters, multiply-adds and top-1, as printed. */
function published(network: Compared): string {
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
export function comparisonTable(networks: readonly Compared[]): string {
  const [first] = networks;
  const times = (network: Compared, count: ComparedCount): string => {
    const multiple = network === first ? null : ratio(count, network, first);
    return multiple === null ? "" : `×${multipleInWords(multiple)}`;
  };
  return plainTable(
    COLUMNS,
    networks.map((network) => [
      network.name,
      network.input.size.join("×"),
      ...COMPARED_COUNTS.flatMap((count) => [inUnits(count.of(network)), times(network, count)]),
      network.largeKernels === undefined ? UNKNOWN : percent(network.largeKernels.share.dense),
      network.receptiveField?.size.map(grouped).join("×") ?? UNKNOWN,
      published(network),
    ]),
  );
}
