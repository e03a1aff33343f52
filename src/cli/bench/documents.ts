import { readFileSync } from "node:fs";
import type { Measured } from "../../harness/bench-kernels.js";
import { Bench } from "../../ir/bench.js";
import { FoveaError } from "../../ir/error.js";

/**
 * What Python measured.
 *
 * @throws FoveaError FOV0040 where it found a mistake of the user's, FOV0061 where it failed itself
 */
export function readMeasured({ document, exitCode, said }: Measured, target: string): Bench {
  const read = Bench.safeParse(document);
  if (read.success) return read.data;
  const isMistake = exitCode === 2;
  throw new FoveaError({
    code: isMistake ? "FOV0040" : "FOV0061",
    message: said,
    value: target,
    fix: isMistake
      ? "name a generated package, a kernel file, a declaration or a shipped network, and shapes of its kernels"
      : "see `fovea doctor`; smaller maps with --shape take less memory",
  });
}

/**
 * An earlier `bench.json`.
 *
 * @throws FoveaError FOV0040 where it is none
 */
export function readEarlier(file: string): Bench {
  try {
    return Bench.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new FoveaError(
      {
        code: "FOV0040",
        message: `--compare ${file}: no bench can be read there`,
        path: "--compare",
        value: file,
        allowed: "bench.json of an earlier `fovea bench --out DIR`, or what `--json` printed",
        fix: "write one with `fovea bench TARGET --out DIR`",
      },
      { cause: error },
    );
  }
}
