import { execa } from "execa";
import { z } from "zod";
import { shippedNetworks } from "../dsl/zoo/shipped.js";
import { ERROR_CODES, type ErrorCode } from "../ir/codes.js";
import { FoveaError } from "../ir/error.js";
import type { Size } from "../ir/grid.js";
import { pythonEnvironment } from "../launch/environment.js";
import type { Python } from "../launch/python.js";
import type { WeightFormat } from "./weight-formats.js";

/** What `python -m fovea_runtime.weights` is asked; paths are absolute. */
interface Source {
  readonly from: string;
  /** Whether the moving average is wanted. */
  readonly average: boolean;
}
interface Foreign extends Source {
  readonly format: WeightFormat;
}
interface Written {
  /** A generated package of the network. */
  readonly package: string;
  readonly out: string;
}
export type WeightsRequest =
  | ({ readonly do: "recognise" } & Foreign)
  | ({ readonly do: "import"; readonly classes: number | null } & Foreign & Written)
  | ({
      readonly do: "project";
      readonly classes: number | null;
      /** The package of the network that a file in our own layout is of. */
      readonly source_package: string | null;
    } & Foreign &
      Written)
  | ({ readonly do: "export" } & Foreign & Written)
  | ({ readonly do: "resize"; readonly to_package: string } & Source & Written)
  | ({
      readonly do: "fuse";
      readonly allow_dense: boolean;
      /** A folder of images; `null` for `digits`. */
      readonly images: string | null;
      /** `null` for three around the network's own. */
      readonly sizes: readonly Size[] | null;
    } & Source &
      Written);

const Mistake = z.object({
  code: z.custom<ErrorCode>((code) => typeof code === "string" && code in ERROR_CODES),
  message: z.string(),
  list: z.array(z.string()),
  value: z.string().optional(),
  fix: z.string().optional(),
});

/**
 * Has Python recognise, import, export, project, resize or fuse weights.
 *
 * @param onNote - takes Python's lines on stderr as they come
 * @returns Python's report
 * @throws FoveaError what Python tells of a mistake; FOV0060 where a package is missing, FOV0090
 * where Python itself failed
 */
export async function convertWeights<T>(
  request: WeightsRequest,
  report: z.ZodType<T>,
  { python, onNote }: { readonly python: Python; readonly onNote: (line: string) => void },
): Promise<T> {
  const known = Object.values(shippedNetworks).map((make) => make());
  const child = execa(python.command, ["-m", "fovea_runtime.weights"], {
    env: pythonEnvironment(),
    extendEnv: false,
    input: JSON.stringify({ ...request, known }),
    reject: false,
  });
  let said = "it says nothing";
  for await (const line of child.iterable({ from: "stderr" })) {
    if (line.trim() === "") continue;
    said = line;
    onNote(line);
  }
  const { signal, stdout } = await child;
  const answer = parse(stdout);
  const mistake = z.object({ error: Mistake }).safeParse(answer);
  if (mistake.success) throw foveaError(mistake.data.error);
  const read = report.safeParse(answer);
  if (read.success) return read.data;
  throw pythonFailed(signal === undefined ? said : `it was ended by ${signal}`);
}

function foveaError({ code, message, list, value, fix }: z.infer<typeof Mistake>): FoveaError {
  const more = { ...(value === undefined ? {} : { value }), ...(fix === undefined ? {} : { fix }) };
  return new FoveaError({ code, message, ...(list.length === 0 ? {} : { list }), ...more });
}

function pythonFailed(said: string): FoveaError {
  const isMissing = /^(ModuleNotFound|Import)Error/.test(said);
  return new FoveaError({
    code: isMissing ? "FOV0060" : "FOV0090",
    message: `Python failed at the weights: ${said}`,
    fix: "see `fovea doctor`; a checkpoint takes three times its size in memory",
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
