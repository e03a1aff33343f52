import { FoveaError } from "../ir/error.js";
import type { RunRecord, SinkName } from "../ir/run.js";
import type { Python } from "../launch/python.js";

/**
 * Whether the packages of the sinks that somebody asks for are there. Those that a run's record asks
 * for are not looked at here: without its package such a sink is a warning of the run.
 *
 * @throws FoveaError FOV0150 with the command that installs them
 */
export function checkSinks(
  asked: readonly SinkName[],
  python: Pick<Python, "command">,
  versions: RunRecord["versions"],
): void {
  const missing = asked.filter((name) => !versions[name]);
  const [first] = missing;
  if (first === undefined) return;
  const names = missing.join(" ");
  throw new FoveaError({
    code: "FOV0150",
    message: `--sink ${first}: ${python.command} has no ${missing.join(" and no ")}`,
    path: "--sink",
    value: first,
    fix: `install it: ${python.command} -m pip install ${names}; or run without --sink ${missing.join(",")}`,
  });
}
