import type { Network } from "../ir/index.js";

/**
 * Stochastic-depth rates, a list a stage: they grow linearly from 0 in the first block of the
 * network to its declared rate in the last (timm, ConvNeXt, SLaK).
 */
export function dropPathRates(network: Network): number[][] {
  const blocks = network.depths.reduce((sum, depth) => sum + depth, 0);
  let block = 0;
  return network.depths.map((depth) =>
    Array.from({ length: depth }, () => {
      const rate = blocks === 1 ? 0 : (network.dropPath * block) / (blocks - 1);
      block += 1;
      return rate;
    }),
  );
}
