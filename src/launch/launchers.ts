import type { LauncherName } from "../ir/run.js";
import type { Launcher } from "./launcher.js";
import { localLauncher } from "./local.js";
import { slurmLauncher } from "./slurm/slurm.js";
import { torchrunLauncher } from "./torchrun.js";

const LAUNCHERS: Readonly<Record<LauncherName, Launcher>> = {
  local: localLauncher,
  torchrun: torchrunLauncher,
  slurm: slurmLauncher,
};

/** What started a run, by the name in its `status.json`. */
export function launcherOf(name: LauncherName): Launcher {
  return LAUNCHERS[name];
}
