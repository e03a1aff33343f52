import type { TrainingTask } from "./launcher.js";

/** What Python is called with: always `-m fovea_runtime.train --run DIR …` (contract, line 2). */
export function trainingWords(task: TrainingTask): readonly string[] {
  const { directory, resume, device, launch, stopAfter } = task;
  return [
    ...["-m", "fovea_runtime.train", "--run", directory],
    ...(resume ? ["--resume"] : []),
    ...(device === null ? [] : ["--device", device]),
    ...["--keep", String(launch.keep), "--heartbeat", String(launch.heartbeat)],
    ...launch.sinks.flatMap((sink) => ["--sink", sink]),
    ...(stopAfter === undefined ? [] : ["--stop-after", String(stopAfter)]),
  ];
}
