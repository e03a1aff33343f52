import { join } from "node:path";
import { account } from "../../src/analyse/account.js";
import { dropPathRates } from "../../src/analyse/drop-path.js";
import { shippedNetworks } from "../../src/dsl/zoo/shipped.js";
import { emitNetwork } from "../../src/emit/network.js";
import { writeFiles } from "../../src/emit/write-files.js";
import { featureNetworks } from "./feature-networks.js";

/**
 * Writes the packages that pytest imports below the folder named on the command line, and prints
 * what the analysis says of each network as JSON.
 */
const [folder = ""] = process.argv.slice(2);
const shipped = Object.values(shippedNetworks).map((make) => make());
const described = (kind: "feature" | "shipped") => (network: (typeof featureNetworks)[number]) => {
  const files = emitNetwork(network, { source: "test", command: "pytest" });
  writeFiles(join(folder, network.name), files);
  const { params, macs } = account(network);
  return { kind, network, params, macs, rates: dropPathRates(network).flat() };
};
const rows = [...featureNetworks.map(described("feature")), ...shipped.map(described("shipped"))];
process.stdout.write(JSON.stringify(rows));
