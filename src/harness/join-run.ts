import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FoveaError } from "../ir/error.js";
import type { RunStatus } from "../ir/event.js";
import { pythonEnvironment } from "../launch/environment.js";
import { logsOf } from "../launch/logs.js";
import { findPython, probePython, requireTrainable } from "../launch/python.js";
import { torchrunLauncher } from "../launch/torchrun.js";
import { findRun, findRunDirectory } from "../runs/find-run.js";
import { readStatus, runRecord } from "../runs/records.js";
import { watchInterrupts } from "./interrupts.js";
import { type LaunchRequest, planLaunch } from "./launch-request.js";
import { isRequestedDevice, type RequestedDevice, resolveDevice } from "./resolve-device.js";
import type { RunOutcome } from "./run-request.js";

/** One machine's part of a run that another machine made, in a home that both reach. */
export interface JoinRequest {
  readonly home: string;
  readonly cwd: string;
  readonly run: string;
  /** This machine's number, from 1. */
  readonly rank: number;
  /** `null` stands for what the run asks for. */
  readonly device: RequestedDevice | null;
  readonly launch: LaunchRequest;
}

const LOOK_MS = 200;
/** How long the first machine may take to record the end after this one's processes are gone. */
const PATIENCE_MS = 20_000;

/**
 * Trains a run with the machine that made it, which alone verifies, records and resumes. A Ctrl-C
 * here stops the whole run after a checkpoint.
 *
 * @returns the run as it ended
 * @throws FoveaError FOV0070 for an unknown id, FOV0071 where the run is over, and those of
 *   {@link planLaunch}
 */
export async function joinRun(
  request: JoinRequest,
  note: (text: string) => void,
): Promise<RunOutcome> {
  const interrupts = watchInterrupts();
  try {
    const directory = findRunDirectory(request.home, request.run);
    const record = runRecord(directory, request.run);
    requireOpen(directory, request.run);
    const python = findPython(request.cwd);
    requireTrainable(python, await probePython(python));
    const device = request.device ?? recordedDevice(record.device.requested);
    const { type, devices } = await resolveDevice(device, python);
    const given = { ...request.launch, launcher: "torchrun" } as const;
    const plan = planLaunch(given, record.launch, type === "cuda" ? devices : null, request.rank);
    const job = await torchrunLauncher.submit({
      ...plan,
      directory,
      run: request.run,
      resume: existsSync(join(directory, "checkpoints", "last.pt")),
      device: request.device,
      python: python.command,
      cwd: request.cwd,
      env: pythonEnvironment(),
      verify: null,
    });
    note(
      `machine ${request.rank} of ${request.run}; it writes ${logsOf(directory, request.rank).stderr}`,
    );
    interrupts.listen((press) => {
      const own = { directory, started: job, python: null };
      if (press === 1) torchrunLauncher.ask(own, interrupts.signal);
      else torchrunLauncher.kill(own);
    });
    const { exitCode, signal } = await job.ended;
    note(`torchrun ended ${signal === null ? `with exit code ${exitCode}` : `by ${signal}`}`);
    await recorded(directory);
    return { row: findRun(request.home, request.run), tooEarly: false };
  } finally {
    interrupts.dispose();
  }
}

function recordedDevice(requested: string): RequestedDevice {
  return isRequestedDevice(requested) ? requested : "auto";
}

function requireOpen(directory: string, id: string): void {
  const status = statusOf(directory);
  if (status === "queued" || status === "running") return;
  throw new FoveaError({
    code: "FOV0071",
    message: `${id} cannot be joined: it is ${status ?? "without a status"}`,
    value: id,
    allowed: "a run that the first machine has started",
    fix: `start it there: fovea run --resume ${id} --launcher torchrun --nnodes N --rendezvous HOST:PORT`,
  });
}

/** Waits for the first machine to record the end. */
async function recorded(directory: string): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const status = statusOf(directory);
    if (status !== "queued" && status !== "running") return;
    await sleep(LOOK_MS);
  }
}

function statusOf(directory: string): RunStatus | null {
  const status = readStatus(directory);
  return "value" in status ? status.value.status : null;
}
