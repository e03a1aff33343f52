import { convertWeights } from "../../harness/convert-weights.js";
import { findPython } from "../../launch/python.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { checkpointOf, withNetwork } from "./checkpoint.js";
import { targetFile } from "./paths.js";
import { ResizeReport, resizeText } from "./resize-report.js";
import { withPackage } from "./with-package.js";

/** The options of `fovea weights resize`. */
export interface ResizeOptions {
  readonly from: string;
  readonly network?: string;
  readonly to: string;
  readonly out: string;
  readonly ema?: boolean;
}

/** @throws FoveaError for every mistake in the options and in the file; nothing is written then */
export async function runResize(io: Io, options: ResizeOptions, cwd: string): Promise<ExitCode> {
  const checkpoint = checkpointOf(options.from, cwd);
  const from = checkpoint.file;
  const out = targetFile(options.out, cwd, { extensions: [".safetensors"], source: from });
  const tools = { python: findPython(cwd), onNote: io.note };
  const average = options.ema === true;
  const report = await withNetwork(options.network, checkpoint, cwd, (folder) =>
    withPackage(
      options.to,
      cwd,
      (to) => {
        const packages = { package: folder, to_package: to };
        return convertWeights(
          { do: "resize", from, average, out, ...packages },
          ResizeReport,
          tools,
        );
      },
      "--to",
    ),
  );
  if (io.json) await io.result(report);
  else await io.print(resizeText(report));
  return EXIT.done;
}
