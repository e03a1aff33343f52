import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFiles } from "../src/disk/write-files.js";
import { shippedNetworks } from "../src/dsl/zoo/shipped.js";
import { emitNetwork } from "../src/emit/network.js";
import { runPython } from "./python.js";

// The first losses of every shipped network, as it is emitted now, against those committed in
// test/goldens/losses; with --write they are written anew. Names of networks take these alone.
const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith("-"));
const folder = mkdtempSync(join(tmpdir(), "fovea-golden-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

for (const name of names.length === 0 ? Object.keys(shippedNetworks) : names) {
  const make = Object.hasOwn(shippedNetworks, name) ? shippedNetworks[name] : undefined;
  if (make === undefined) throw new Error(`nothing shipped is called ${name}`);
  const origin = { source: name, command: `fovea generate ${name}` };
  writeFiles(join(folder, name), emitNetwork(make(), origin));
}
runPython(["test/python/golden_losses.py", folder, ...words.filter((word) => word === "--write")]);
