import type { Command } from "commander";
import type { Card } from "../../analyse/account.js";
import type { Experiment } from "../../ir/experiment.js";
import { type ActionMaker, EXIT } from "../command.js";

/** `fovea zoo`: shipped networks and experiments, one row each. */
export function register(program: Command, action: ActionMaker): void {
  program
    .command("zoo")
    .description("list the shipped networks and experiments")
    .option("--json", "print the list as JSON")
    .allowExcessArguments(false)
    .action(
      action(async (io) => {
        const { shippedExperiments, shippedNetworks } = await import("../../dsl/zoo/shipped.js");
        const { account } = await import("../../analyse/account.js");
        const cards = Object.values(shippedNetworks).map((make) => account(make()));
        const experiments = Object.values(shippedExperiments).map((make) => make());
        if (io.json) {
          await io.result({
            networks: cards.map(networkRow),
            experiments: experiments.map(experimentRow),
          });
        } else {
          const { renderZoo } = await import("../../report/zoo.js");
          await io.print(renderZoo(cards, experiments));
        }
        return EXIT.done;
      }),
    );
}

function networkRow({ name, description, input, params, macs, stages }: Card): object {
  const kernels = stages.map(({ kernel }) => kernel);
  return { name, description, input, kernels, params, macs };
}

function experimentRow({ name, network, task, data, seed }: Experiment): object {
  return { name, network: network.name, task, data: data.type, seed };
}
