import { account } from "../../analyse/account.js";
import type { Card } from "../../analyse/card.js";
import type { Target } from "../../load/load-target.js";
import { atImageSize } from "../image-size.js";

/**
 * The cards of all networks that targets declare, in their order.
 *
 * @param written - `--size` as it was typed
 * @throws FoveaError FOV0040 for what is no size, FOV0021 where a map would be empty
 */
export async function makeCards(
  targets: readonly Target[],
  written: string | undefined,
): Promise<readonly Card[]> {
  return targets.flatMap(({ networks }) =>
    networks.map((network) =>
      atImageSize(written, (size) => account(network, size === undefined ? {} : { size })),
    ),
  );
}
