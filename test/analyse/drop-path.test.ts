import { expect, test } from "vitest";
import { dropPathRates } from "../../src/analyse/drop-path.js";
import { dense, net, sized } from "../support/networks.js";

test("rates grow linearly from 0 to the network's over all blocks", () => {
  const rates = dropPathRates(sized("tiny", { dropPath: 0.17 }));
  expect(rates.map((stage) => stage.length)).toEqual([3, 3, 9, 3]);
  const all = rates.flat();
  expect(all[0]).toBe(0);
  expect(all.at(-1)).toBe(0.17);
  all.forEach((rate, block) => {
    expect(rate).toBeCloseTo(0.01 * block, 12);
  });
});

test("a single block never drops", () => {
  const network = net({ depths: [1], widths: [8], mixers: [dense(3)], dropPath: 0.5 });
  expect(dropPathRates(network)).toEqual([[0]]);
});
