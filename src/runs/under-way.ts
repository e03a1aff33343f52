import type { UnderWay } from "../launch/launcher.js";
import { readStatus } from "./records.js";

/** The processes of a run as its `status.json` names them. */
export function underWay(directory: string, started: UnderWay["started"] = null): UnderWay {
  const status = readStatus(directory);
  if (!("value" in status)) return { directory, started, python: null };
  const { value } = status;
  // Python puts itself there when it says that the run is running.
  if (value.status === "running") return { directory, started, python: value };
  return { directory, started: started ?? value, python: null };
}
