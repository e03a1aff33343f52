import { join } from "node:path";
import { emitKernel, kernelHash } from "../../src/emit/kernel.js";
import { writeFiles } from "../../src/emit/write-files.js";
import type { GridPair } from "../../src/ir/index.js";

/**
 * Writes the kernel files that pytest imports below the folder named on the command line. The
 * second word is JSON, `{name: {rows, columns}}`. Prints `{name: {path, hash}}`.
 */
const [folder = "", wanted = "{}"] = process.argv.slice(2);
const written = Object.entries(JSON.parse(wanted) as Record<string, GridPair>).map(
  ([name, pair]) => {
    const { text } = emitKernel(pair, { command: "pytest" });
    writeFiles(folder, [{ path: `${name}.py`, text }]);
    return [name, { path: join(folder, `${name}.py`), hash: kernelHash(pair) }] as const;
  },
);
process.stdout.write(JSON.stringify(Object.fromEntries(written)));
