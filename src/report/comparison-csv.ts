import { COMPARED_COUNTS, type Compared, publishedFigure, ratio } from "./comparison.js";
import { csv } from "./csv.js";

const PUBLISHED = ["params", "macs", "top1"] as const;

/** A row a network, numbers as they were counted; ratios are to the first row. */
export function comparisonCsv(networks: readonly Compared[]): string {
  const [first] = networks;
  const head = [
    "network",
    "input_height",
    "input_width",
    ...COMPARED_COUNTS.map(({ key }) => key),
    "large_kernel_share",
    "receptive_field_height",
    "receptive_field_width",
    ...PUBLISHED.map((quantity) => `published_${quantity}`),
    ...COMPARED_COUNTS.map(({ key }) => `${key}_ratio`),
  ];
  const rows = networks.map((network) => [
    network.name,
    ...network.input.size,
    ...COMPARED_COUNTS.map((count) => count.of(network)),
    network.largeKernels?.share.dense ?? null,
    ...(network.receptiveField?.size ?? [null, null]),
    ...PUBLISHED.map((quantity) => publishedFigure(network, quantity)?.value ?? null),
    ...COMPARED_COUNTS.map((count) => ratio(count, network, first)),
  ]);
  return csv([head, ...rows]);
}
