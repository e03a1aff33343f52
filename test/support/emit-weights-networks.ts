import { join } from "node:path";
import { writeFiles } from "../../src/disk/write-files.js";
import { shippedNetworks } from "../../src/dsl/zoo/shipped.js";
import { emitNetwork } from "../../src/emit/network.js";
import { reparamNetworks } from "./reparam-networks.js";
import { weightsNetworks } from "./weights-networks.js";

/**
 * Writes the packages that weights are imported into below the folder named on the command line,
 * and prints the declarations of the shipped networks as JSON.
 */
const [folder = ""] = process.argv.slice(2);
for (const network of [...weightsNetworks, ...reparamNetworks]) {
  writeFiles(
    join(folder, network.name),
    emitNetwork(network, { source: "test", command: "pytest" }),
  );
}
process.stdout.write(JSON.stringify(Object.values(shippedNetworks).map((make) => make())));
