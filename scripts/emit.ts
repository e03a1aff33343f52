import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { docFiles } from "./doc-files.js";
import { imageFiles } from "./image-files.js";
import { ROOT, run } from "./python.js";
import { schemaFiles } from "./schema-files.js";

/** One network a family and the demo's, checked in under `generated/`; hashes hold the others. */
const CHECKED_IN = ["pelk_tiny", "slak_tiny", "replknet_31b", "convnext_tiny", "pelk_digits"];

const check = process.argv.includes("--check");
const files = new Map([...schemaFiles(), ...imageFiles(), ...(await docFiles())]);
const stale = [...files].filter(([path, text]) => {
  const file = join(ROOT, path);
  return !existsSync(file) || readFileSync(file, "utf8") !== text;
});

for (const network of CHECKED_IN) {
  const words = ["bin/fovea.js", "generate", network, "--out", "generated"];
  run(process.execPath, check ? [...words, "--check"] : words);
}
if (check && stale.length > 0) {
  console.error(`out of date: ${stale.map(([path]) => path).join(", ")}\nnpm run emit mends it`);
  process.exit(1);
}
for (const [path, text] of stale) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}
