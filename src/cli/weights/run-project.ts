import { convertWeights, type WeightsRequest } from "../../harness/convert-weights.js";
import { FoveaError } from "../../ir/error.js";
import type { Python } from "../../launch/python.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { optionMistake } from "../whole.js";
import { ProjectReport, projectText } from "./project-report.js";
import type { ImportOptions } from "./run-import.js";
import { withPackage } from "./with-package.js";

type Asked = Omit<Extract<WeightsRequest, { do: "import" }>, "do" | "package">;

/**
 * `fovea weights import --project`.
 *
 * @throws FoveaError for every mistake in the options and in the file; nothing is written then
 */
export async function runProject(
  io: Io,
  { network, source, format }: ImportOptions,
  asked: Asked,
  { python, cwd }: { readonly python: Python; readonly cwd: string },
): Promise<ExitCode> {
  if (network === undefined) {
    throw new FoveaError({
      code: "FOV0040",
      message: "--project needs --network: the network whose grids are meant",
      path: "--network",
      allowed: "a shipped network, a declaration or a generated package",
      fix: "write --network NAME",
    });
  }
  if ((format === "fovea") !== (source !== undefined)) throw wrongSource(source);
  const project = (folder: string, of: string | null) =>
    convertWeights(
      { do: "project", ...asked, package: folder, source_package: of },
      ProjectReport,
      { python, onNote: io.note },
    );
  const report = await withPackage(network, cwd, (folder) =>
    source === undefined
      ? project(folder, null)
      : withPackage(source, cwd, (of) => project(folder, of), "--source"),
  );
  if (io.json) await io.result(report);
  else await io.print(projectText(report));
  return EXIT.done;
}

function wrongSource(source: string | undefined): Error {
  return source === undefined
    ? optionMistake("--format", "fovea", "the file alone does not tell how its kernels share", {
        fix: "write --source NAME, the network that the file is of",
      })
    : optionMistake("--source", source, "an official checkpoint tells its own network", {
        fix: "leave --source out, or write --format fovea",
      });
}
