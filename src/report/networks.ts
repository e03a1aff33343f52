import { contentHash } from "../ir/hash.js";
import type { ReportedRun } from "./collect-run.js";
import type { ModelView } from "./components/view.js";
import { inOrder } from "./in-order.js";
import { modelView } from "./view/model-view.js";
import { shown } from "./view/shown.js";

/** A network of some of the runs. */
export interface ReportedNetwork {
  /** Of its section in the page. */
  readonly id: string;
  readonly model: ModelView;
  readonly runs: readonly ReportedRun[];
}

/** Where a run's network is in the page. */
export function networkId({ record }: ReportedRun): string {
  return `network-${contentHash(record.experiment.network).slice(0, 8)}`;
}

/** Each distinct network once, in the order of the runs. */
export function networksOf(runs: readonly ReportedRun[]): readonly ReportedNetwork[] {
  return inOrder(runs, networkId).map(([id, same]) => {
    const [{ record }] = same;
    const parameters = same.find(({ start }) => start !== null)?.start?.parameters ?? null;
    return { id, model: shown(modelView(record.experiment.network, parameters)), runs: same };
  });
}
