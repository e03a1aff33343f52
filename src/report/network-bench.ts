import type { NetworkBench, NetworkTimes } from "../ir/network-bench.js";
import { figure } from "./figures.js";
import { inUnits } from "./quantity.js";
import { type Column, plainTable } from "./table.js";

const TIMES = (what: string): readonly Column[] => [
  [`${what} images/s`, "right"],
  ["ms", "right"],
  ["min–max", "right"],
  ["/ first", "right"],
];
const COLUMNS: readonly Column[] = [
  ["", "left"],
  ["params", "right"],
  ...TIMES("inference"),
  ...TIMES("training"),
  ["MiB", "right"],
];

/** Times of whole networks for the terminal. */
export function networkBenchText(bench: NetworkBench): string {
  const { networks, batch, channels, size, dtype, device, device_name, threads } = bench;
  const on = device === "cpu" ? `${device}, ${threads} threads` : device;
  const rows = networks.map((network) => [
    network.kind === "peer" ? `peer ${network.name}` : network.name,
    inUnits(network.parameters),
    ...cells(network.forward),
    ...cells(network.forward_backward),
    network.peak_memory === null ? "–" : (network.peak_memory / 2 ** 20).toFixed(1),
  ]);
  const failures = networks.flatMap(({ name, failures: all }) =>
    all.map((failure) => `${name} is wrong, and not timed: ${failure}`),
  );
  return [
    `${batch} images of ${channels}×${size.join("×")}, ${dtype}, on ${on} (${device_name})`,
    plainTable(COLUMNS, rows),
    ...failures,
    "Medians a batch with their spread; training is forward and backward without an optimizer. `/ first`: time over the first network's, the median of paired rounds. `MiB`: most memory in use by one forward and backward, beyond weights and images.",
  ].join("\n");
}

function cells(times: NetworkTimes | null): readonly string[] {
  if (times === null) return ["–", "–", "–", "–"];
  const { images_per_second, median, min, max, ratio } = times;
  return [
    figure(images_per_second),
    figure(median),
    `${figure(min)}–${figure(max)}`,
    ratio === null ? "–" : ratio.toFixed(2),
  ];
}
