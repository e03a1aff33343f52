import type { Command } from "commander";
import type { Card } from "../../analyse/account.js";
import type { Network } from "../../ir/network.js";
import { type ActionMaker, EXIT } from "../command.js";

interface Options {
  readonly size?: string;
}

/** `fovea inspect`: the model card, without Python. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("inspect <file>")
    .description("print the model card of a network: stages, parameters, multiply-adds, checks")
    .option("--size <N>", "count at this image size, N or HxW, in place of the network's own")
    .option("--json", "print the card as JSON")
    .allowExcessArguments(false)
    .action(
      action(async (io, file: string, options: Options) => {
        const { loadTarget } = await import("../../load/load-target.js");
        const { networks } = await loadTarget(file, { cwd: process.cwd() });
        const cards: Card[] = [];
        for (const network of networks) cards.push(await makeCard(network, options.size));
        if (io.json) {
          await io.result(cards.length === 1 ? cards[0] : { networks: cards });
        } else {
          const { renderCard } = await import("../../report/card.js");
          await io.print(cards.map(renderCard).join("\n\n\n"));
        }
        return EXIT.done;
      }),
    );
}

async function makeCard(network: Network, written: string | undefined): Promise<Card> {
  const [{ account }, { atImageSize }] = await Promise.all([
    import("../../analyse/account.js"),
    import("../image-size.js"),
  ]);
  return atImageSize(written, (size) => account(network, size === undefined ? {} : { size }));
}
