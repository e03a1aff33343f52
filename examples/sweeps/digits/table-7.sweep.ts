/**
 * Table 7 at the scale of `digits`: kernels of half the map's reach, nearly all of it, and beyond
 * it, as 51, 101 and 151 are on maps of 56; and larger scenes for the first two.
 */
import { peripheral, sweep } from "fovea";
import { seeds, small, training } from "./small.js";

const sides = [
  [15, 13],
  [29, 19],
  [43, 25],
] as const;
const of = ([first, second]: (typeof sides)[number]) =>
  small(`small_${first}_${second}`, [
    peripheral({ kernel: first, centre: 5 }),
    peripheral({ kernel: second, centre: 5 }),
  ]);
const beyond = of([43, 25]);

export default sweep({
  base: training("digits-table-7", of([15, 13])),
  over: { network: sides.map(of), "network.input.size": [64, 96] },
  seeds,
  where: ({ experiment: { network } }) => network.name !== beyond.name || network.input.size === 64,
});
