import { joinRun } from "../../harness/join-run.js";
import type { RequestedDevice } from "../../harness/resolve-device.js";
import type { RunOutcome } from "../../harness/run-request.js";
import { FoveaError } from "../../ir/error.js";
import { homeDirectory } from "../../launch/home.js";
import type { Io } from "../io.js";
import { optionMistake } from "../whole.js";
import { endingOf } from "./ending.js";
import { type LaunchFlags, readLaunch, readNodeRank } from "./launch-options.js";

interface JoinFlags extends LaunchFlags {
  readonly set: readonly string[];
  readonly device?: RequestedDevice;
  readonly resume?: string;
  readonly unverified: boolean;
}

/**
 * `fovea run --join ID`: this machine's part of a run that another one made.
 *
 * @throws FoveaError FOV0040 beside what only the first machine decides, FOV0003 without a number
 */
export async function join(
  io: Io,
  file: string | undefined,
  id: string,
  flags: JoinFlags,
): Promise<RunOutcome> {
  refuseDecisions(file, flags);
  const rank = readNodeRank(flags);
  if (rank === undefined || rank === 0) {
    throw new FoveaError({
      code: rank === 0 ? "FOV0040" : "FOV0003",
      message: "--join needs this machine's own number in --node-rank",
      path: "--node-rank",
      allowed: "a whole number from 1; the machine that made the run is 0",
      fix: "add --node-rank 1",
    });
  }
  const cwd = process.cwd();
  const outcome = await joinRun(
    {
      home: homeDirectory(cwd),
      cwd,
      run: id,
      rank,
      device: flags.device ?? null,
      launch: readLaunch(flags),
    },
    io.note,
  );
  if (outcome.row !== null) for (const line of endingOf(outcome.row)) io.note(line);
  return outcome;
}

/** What a run is was said where it was made. */
function refuseDecisions(file: string | undefined, flags: JoinFlags): void {
  const said: readonly (readonly [string, boolean, string])[] = [
    ["FILE", file !== undefined, file ?? ""],
    ["--set", flags.set.length > 0, flags.set.join(" ")],
    ["--resume", flags.resume !== undefined, flags.resume ?? ""],
    ["--unverified", flags.unverified, ""],
    ["--launcher", flags.launcher === "local", "local"],
  ];
  const wrong = said.find(([, given]) => given);
  if (wrong === undefined) return;
  const [option, , written] = wrong;
  throw optionMistake(option, written, "the machine that made the run decides that, not --join", {
    allowed: "--node-rank, --rendezvous, --nproc, --nnodes, --device, --heartbeat",
    fix: `leave ${option} out`,
  });
}
