import { join } from "node:path";
import { execaSync } from "execa";
import { EXIT, type ExitCode } from "../src/cli/command.js";
import { reportFailure } from "../src/cli/failure.js";
import type { Io } from "../src/cli/io.js";
import { claimStdout, createIo } from "../src/cli/io.js";
import { loadExperiment } from "../src/cli/run/load-experiment.js";
import { runWithProgress } from "../src/cli/run/run-with-progress.js";
import { homeDirectory } from "../src/launch/home.js";
import { setupPython } from "../src/launch/setup-python.js";
import { metricFigure } from "../src/report/figures.js";
import { runTable } from "../src/report/run-table.js";
import { ROOT } from "./python.js";

/** Held-out top-1 in percent that an untrained or broken network cannot reach; chance is 10. */
const LEAST_TOP1 = 85;

/** `npm run demo`: sets Python up, generates, verifies and trains a small PeLK, writes its report. */
async function demo(io: Io): Promise<ExitCode> {
  const cwd = process.cwd();
  await setupPython({ cwd, dev: false, onLine: io.note });
  const home = homeDirectory(cwd);
  const declared = await loadExperiment("demo", null, [], home, cwd);
  const { row } = await runWithProgress(io, {
    ...declared,
    cwd,
    home,
    device: null,
    resume: null,
    launch: {},
    unverified: false,
  });
  if (row === null) return EXIT.cancelled;
  const page = writeReport(home, row.run);
  const top1 = row.metrics["top1"] ?? null;
  await io.print(
    [
      runTable([row]),
      "",
      `top1    ${metricFigure(top1)}`,
      `loss    ${metricFigure(row.metrics["loss"])}`,
      `report  ${page}`,
    ].join("\n"),
  );
  if (row.status !== "completed") {
    return row.status === "cancelled" ? EXIT.cancelled : EXIT.failed;
  }
  if (top1 !== null && top1 >= LEAST_TOP1) return EXIT.done;
  io.note(`top1 ${metricFigure(top1)} is below ${LEAST_TOP1}: something is broken`);
  return EXIT.failed;
}

/** Through the command, as users do; jiti does not read the pages' JSX. */
function writeReport(home: string, run: string): string {
  const { stdout } = execaSync(
    process.execPath,
    [join(ROOT, "bin/fovea.js"), "report", run, "--out", join(home, "reports", run)],
    { env: { FOVEA_HOME: home }, stderr: "inherit" },
  );
  return stdout;
}

claimStdout();
const io = createIo({});
try {
  process.exitCode = await demo(io);
} catch (error) {
  process.exitCode = await reportFailure(error, io);
}
