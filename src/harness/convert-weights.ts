import type { z } from "zod";
import { shippedNetworks } from "../dsl/zoo/shipped.js";
import type { Size } from "../ir/grid.js";
import type { Python } from "../launch/python.js";
import { askPython } from "./ask-python.js";
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
  const question = {
    module: "fovea_runtime.weights",
    request: { ...request, known },
    answer: report,
    at: "the weights",
    fix: "see `fovea doctor`; a checkpoint takes three times its size in memory",
  };
  return await askPython(question, { python, onNote });
}
