import { account } from "../../analyse/account.js";
import type { Card } from "../../analyse/card.js";
import { loadTarget } from "../../load/load-target.js";
import { atImageSize } from "../image-size.js";

/** The cards of every network behind a FILE or a shipped name, at the image size of `--size`. */
export async function cardsOf(target: string, size: string | undefined): Promise<Card[]> {
  const { networks } = await loadTarget(target, { cwd: process.cwd() });
  return networks.map((network) =>
    atImageSize(size, (image) => account(network, image === undefined ? {} : { size: image })),
  );
}
