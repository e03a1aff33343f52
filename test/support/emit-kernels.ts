import { join } from "node:path";
import { writeFiles } from "../../src/disk/write-files.js";
import { emitKernel, kernelHash } from "../../src/emit/kernel.js";
import type { GridPair, Size } from "../../src/ir/index.js";
import type { TunedTable } from "../../src/plan/triton/tuned.js";

/**
 * Writes the kernel files that pytest imports below the folder named on the command line. The
 * second word is JSON, `{name: {rows, columns, maps, tuned?}}`. Prints `{name: {path, hash}}`.
 */
type Wanted = GridPair & { readonly maps: readonly Size[]; readonly tuned?: TunedTable };

const [folder = "", wanted = "{}"] = process.argv.slice(2);
const written = Object.entries(JSON.parse(wanted) as Record<string, Wanted>).map(
  ([name, { rows, columns, maps, tuned }]) => {
    const spec = { pair: { rows, columns }, maps, tuned };
    const { text } = emitKernel(spec, { command: "pytest" });
    writeFiles(folder, [{ path: `${name}.py`, text }]);
    return [name, { path: join(folder, `${name}.py`), hash: kernelHash(spec) }] as const;
  },
);
process.stdout.write(JSON.stringify(Object.fromEntries(written)));
