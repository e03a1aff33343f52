import { account } from "../../analyse/account.js";
import type { Experiment } from "../../ir/experiment.js";
import { contentHash } from "../../ir/hash.js";
import { isPeer } from "../../ir/trainable.js";
import type { Costs } from "../components/view.js";

/** Counts the networks of experiments, each of them once. */
export class CostCounter {
  readonly #known = new Map<string, Costs>();

  /** @param trained - parameters as the run tells them: of a model of timm there are no others */
  of({ network, sparsity }: Experiment, trained: number | null): Costs {
    if (isPeer(network)) {
      return { parameters: trained, nonzero: trained, macs: null, nonzeroMacs: null };
    }
    // What is trained sparsely is counted so, whatever the network was declared for.
    const counted = { ...network, sparsity: sparsity?.amount ?? network.sparsity };
    const hash = contentHash(counted);
    const known = this.#known.get(hash);
    if (known !== undefined) return known;
    const { params, macs } = account(counted);
    const costs = {
      parameters: params.dense,
      nonzero: params.nonzero,
      macs: macs.dense,
      nonzeroMacs: macs.nonzero,
    };
    this.#known.set(hash, costs);
    return costs;
  }
}
