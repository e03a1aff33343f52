import { chooseNetwork } from "../../harness/choose-network.js";
import { exploreNetwork } from "../../harness/explore/explore.js";
import type { Exploration } from "../../ir/exploration.js";
import type { Network } from "../../ir/network.js";
import { loadTarget } from "../../load/load-target.js";
import { EXIT, type ExitCode } from "../command.js";
import { atImageSize } from "../image-size.js";
import type { Io } from "../io.js";
import { readPredictFor } from "../predict-for.js";
import { optionMistake, parseWhole } from "../whole.js";
import { readMeasuring } from "./measuring.js";
import type { ExploreOptions } from "./options.js";
import { parseSideList } from "./sides.js";

/** Shows what kernel sizes cost, stage by stage. */
export async function explore(io: Io, file: string, options: ExploreOptions): Promise<ExitCode> {
  const { kernels, centre, svg, csv } = options;
  const sides = {
    kernels: parseSideList("--kernels", kernels),
    centres: centre === undefined ? [] : parseSideList("--centre", centre),
  };
  for (const [option, path] of [
    ["--svg", svg],
    ["--csv", csv],
  ] as const) {
    if (path === "") throw optionMistake(option, path, "names no file");
  }
  const measuring = await readMeasuring(options);
  const target = options.target ?? (measuring?.device === "cpu" ? "cpu" : "sm_90");
  const predictFor = readPredictFor({ ...options, target });
  measuring?.checkTarget(predictFor.target);
  const found = await loadTarget(file, { cwd: process.cwd(), note: io.note });
  const network = found.networks[chooseNetwork(found.networks, options.network, found)];
  if (network === undefined) throw new TypeError("a network is chosen among those there are");
  const stage = readStage(options.stage, network);
  const request = atImageSize(options.size, (size) => {
    const asked = { ...sides, ...predictFor, stage, size };
    return { asked, predicted: exploreNetwork(network, asked) };
  });
  const exploration =
    measuring === undefined
      ? request.predicted
      : await measuring.measure(io, network, request.predicted, request.asked);
  await write(io, exploration, options);
  if (io.json) await io.result(exploration);
  else {
    const { renderExploration } = await import("../../report/explore/text.js");
    await io.print(renderExploration(exploration, { color: io.color }));
  }
  const failed = exploration.stages.some(({ sizes }) =>
    sizes.some(({ measured }) => measured !== null && measured.failures.length > 0),
  );
  return failed ? EXIT.failed : EXIT.done;
}

/** @throws FoveaError FOV0040 */
function readStage(written: string | undefined, { name, mixers }: Network): number | undefined {
  if (written === undefined) return undefined;
  const most = mixers.length - 1;
  const rule = {
    option: "--stage",
    least: 0,
    most: Number.MAX_SAFE_INTEGER,
    unit: "stages",
  } as const;
  const stage = parseWhole(written, { ...rule, example: "0" });
  if (stage <= most) return stage;
  throw optionMistake("--stage", written, `${name} has ${mixers.length} stages`, {
    allowed: `a whole number from 0 to ${most}`,
    fix: `write --stage ${most}`,
  });
}

async function write(
  io: Io,
  exploration: Exploration,
  { svg, csv }: ExploreOptions,
): Promise<void> {
  if (svg === undefined && csv === undefined) return;
  if (svg !== undefined && exploration.stages.every(({ fixed }) => fixed !== null)) {
    throw optionMistake("--svg", svg, "no stage has sizes to draw: their grids are explicit", {
      fix: "leave out --svg",
    });
  }
  const [{ writeAtomically }, { explorationSvg }, { explorationCsv }] = await Promise.all([
    import("../../disk/write-atomically.js"),
    import("../../report/explore/chart.js"),
    import("../../report/explore/csv.js"),
  ]);
  const files = [
    [svg, () => explorationSvg(exploration)],
    [csv, () => explorationCsv(exploration)],
  ] as const;
  for (const [path, text] of files) {
    if (path === undefined) continue;
    writeAtomically(path, text(), "make room, or name another file");
    io.note(`wrote ${path}`);
  }
}
