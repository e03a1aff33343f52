import { readdirSync } from "node:fs";
import { join } from "node:path";
import { account } from "../../src/analyse/account.js";
import { dropPathRates } from "../../src/analyse/drop-path.js";
import { writeFiles } from "../../src/disk/write-files.js";
import { shippedNetworks } from "../../src/dsl/zoo/shipped.js";
import { emitNetwork } from "../../src/emit/network.js";
import type { Network } from "../../src/ir/index.js";
import { packageRoot } from "../../src/ir/package-root.js";
import { loadTarget } from "../../src/load/load-target.js";
import { modulePaths } from "../../src/plan/module-paths.js";
import { planStructure } from "../../src/plan/network.js";
import { featureNetworks } from "./feature-networks.js";

/**
 * Writes the packages that pytest imports below the folder named on the command line, and prints
 * what the analysis says of each network as JSON.
 */
const [folder = ""] = process.argv.slice(2);

function describeAndEmit(kind: string, network: Network): object {
  writeFiles(
    join(folder, network.name),
    emitNetwork(network, { source: "test", command: "pytest" }),
  );
  const { params, macs } = account(network);
  const layers = modulePaths(planStructure(network));
  return { kind, network, params, macs, rates: dropPathRates(network).flat(), layers };
}

const rows = featureNetworks.map((network) => describeAndEmit("feature", network));
const known = new Set(featureNetworks.map(({ name }) => name));
const shipped = Object.values(shippedNetworks).map((make) => make());
const examples = join(packageRoot, "examples");
for (const file of readdirSync(examples)) {
  if (file.endsWith(".ts")) shipped.push(...(await loadTarget(file, { cwd: examples })).networks);
}
for (const network of shipped) {
  if (!known.has(network.name)) rows.push(describeAndEmit("declared", network));
  known.add(network.name);
}
process.stdout.write(JSON.stringify(rows));
