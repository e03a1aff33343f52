import type { Card } from "../analyse/card.js";
import type { Experiment } from "../ir/index.js";
import { kernelInWords } from "./card-stages.js";
import { inUnits } from "./quantity.js";
import { type Column, plainTable } from "./table.js";

const NETWORK_COLUMNS: readonly Column[] = [
  ["network", "left"],
  ["input", "right"],
  ["kernels", "left"],
  ["params", "right"],
  ["nonzero", "right"],
  ["MACs", "right"],
  ["nonzero", "right"],
];

const EXPERIMENT_COLUMNS: readonly Column[] = [
  ["experiment", "left"],
  ["network", "left"],
  ["task", "left"],
  ["data", "left"],
];

function networkRow({ name, input, stages, params, macs }: Card): string[] {
  return [
    name,
    input.size.join("×"),
    stages.map(kernelInWords).join("-"),
    inUnits(params.dense),
    inUnits(params.nonzero),
    inUnits(macs.dense),
    inUnits(macs.nonzero),
  ];
}

/** Shipped networks and experiments, one row each; nonzero counts at the declared sparsity. */
export function renderZoo(networks: readonly Card[], experiments: readonly Experiment[]): string {
  return [
    plainTable(NETWORK_COLUMNS, networks.map(networkRow)),
    plainTable(
      EXPERIMENT_COLUMNS,
      experiments.map(({ name, network, task, data }) => [name, network.name, task, data.type]),
    ),
  ].join("\n\n");
}
