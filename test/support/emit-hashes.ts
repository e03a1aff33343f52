import { emitNetwork } from "../../src/emit/network.js";
import { sha256 } from "../../src/ir/index.js";
import { goldenNetworks } from "./feature-networks.js";

/** Prints path and hash of every file of one network: run in another environment by a test. */
const [, network] = goldenNetworks;
if (network === undefined) throw new Error("no golden network");
const origin = { source: "nets.arch.ts", command: "fovea generate nets.arch.ts" };
const files = emitNetwork(network, origin);
process.stdout.write(JSON.stringify(files.map((file) => [file.path, sha256(file.text)])));
