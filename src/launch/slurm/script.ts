import { join } from "node:path";
import { foveaVersion } from "../../ir/version.js";
import { ownEnvironment } from "../environment.js";
import type { TrainingTask } from "../launcher.js";
import { VERIFICATION_FILE, VERIFICATION_LOG, WORD_FILE } from "./job-word.js";
import { shellQuote } from "./shell-quote.js";
import { trainCommand } from "./train-command.js";

/** Name of the script in a run's folder. */
export const SCRIPT_FILE = "job.sh";
/** Name of the file with what Slurm and the script say; Python's words are in the run's logs. */
export const LOG_FILE = "slurm.log";

/**
 * The batch script of one run. It needs bash and Python on the node, and the folders that this
 * machine has; no Node.js, and none of Slurm's commands but `srun` where there are several nodes.
 */
export function jobScript(task: TrainingTask): string {
  const { directory, run, cwd, launch, env } = task;
  const several = launch.nodes > 1;
  return `#!/usr/bin/env bash
# Trains ${run} in a job of Slurm. Written and submitted by fovea ${foveaVersion()}.
run=${shellQuote(directory)}
job=\${SLURM_ARRAY_JOB_ID:+\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID}
job=\${job:-$SLURM_JOB_ID}

${Object.keys(ownEnvironment({}))
  .map((name) => `export ${name}=${shellQuote(env[name] ?? "")}\n`)
  .join(
    "",
  )}${launch.slurm?.requeue === false ? "" : "# A job that Slurm stops may begin again.\nexport FOVEA_REQUEUE=1\n"}
# train [--resume]
train() {
${trainCommand(task).map(indented).join("\n")}
}
${several ? NODE_MODE : ""}
exec >>"$run/${LOG_FILE}" 2>&1
# Python gets a process group of its own: in bash's a background process hears no SIGINT.
set -m

stage=begun
child=
asked=

# say CODE: how far the job is, for fovea; CODE is null until the end
say() {
  printf '{"job": "%s", "stage": "%s", "code": %s, "signal": "%s"}\\n' "$job" "$stage" "$1" "$asked" \\
    >"$run/.${WORD_FILE}" && mv -f "$run/.${WORD_FILE}" "$run/${WORD_FILE}"
}

# finish CODE
finish() {
  say "$1"
  exit "$1"
}

# pass SIGNAL: to what runs now
pass() {
  asked=$1
  [ -n "$child" ] || return
${passCommand(task).map(indented).join("\n")}
}
for signal in INT TERM HUP USR1; do
  # shellcheck disable=SC2064
  trap "pass $signal" "$signal"
done

# attend COMMAND...: runs it and stays with it; a signal ends bash's wait early
attend() {
  local code
  "$@" &
  child=$!
  [ -z "$asked" ] || pass "$asked"
  while :; do
    wait "$child"
    code=$?
    kill -0 "$child" 2>/dev/null || break
  done
  child=
  return "$code"
}

# A run is trained by the job that its status.json names and by no other: fovea may have been killed
# before it noted this one, or have submitted twice while Slurm did not answer.
waited=0
while :; do
  # Read once: between two looks fovea may write this job's number.
  named=$(sed -n 's/.*"job": *"\\([^"]*\\)".*/\\1/p' "$run/status.json")
  [ "$named" != "$job" ] || break
  if [ -n "$named" ] || [ -n "$asked" ] || [ "$waited" -ge 300 ]; then
    echo "job $job leaves the run alone: its status.json names \${named:-none}"
    exit 0
  fi
  sleep 0.2
  waited=$((waited + 1))
done

say null
stage=folder
cd ${shellQuote(cwd)} || finish 1
${verifyStage(task)}
stage=train
[ -z "$asked" ] || finish 130
resume=(${task.resume ? "--resume" : ""})
[ ! -e "$run/checkpoints/last.pt" ] || resume=(--resume)
${several ? srunCommand(task) : `attend train "\${resume[@]}"`}
finish "$?"
`;
}

/** Where a signal goes: of several processes to the first, with which the others agree. */
function passCommand({ launch }: TrainingTask): readonly string[] {
  if (launch.processes === 1 && launch.nodes === 1) return ['kill -s "$1" "$child"'];
  return [
    "local python",
    `python=$(sed -n 's/.*"pid": *\\([0-9][0-9]*\\).*/\\1/p' "$run/status.json")`,
    'if [ -n "$python" ]; then',
    '  kill -s "$1" "$python"',
    "else",
    "  # Before there is a process torchrun hears nothing else.",
    '  kill -s TERM "$child"',
    "fi",
  ];
}

/** Kernels that the submitting machine cannot verify are verified where they run. */
function verifyStage({ verify, python, device, directory, env }: TrainingTask): string {
  if (verify === null) return "";
  const words = [
    ...[python, "-m", "fovea_runtime.verify", verify],
    ...["--device", device ?? "cuda", "--cache", env["FOVEA_CACHE"] ?? "", "--json"],
  ].map(shellQuote);
  const [out, log] = [VERIFICATION_FILE, VERIFICATION_LOG].map((name) =>
    shellQuote(join(directory, name)),
  );
  return `
stage=verify
verify() {
  exec ${words.join(" ")} \\
    >${out} 2>${log}
}
[ -n "$asked" ] || attend verify || finish "$?"
`;
}

/** On each node srun starts this script again, as `job.sh --node`. */
const NODE_MODE = `
if [ "\${1-}" = --node ]; then
  shift
  train "$@"
fi
`;

function srunCommand({ launch }: TrainingTask): string {
  return `# The script runs on the first node.
FOVEA_HOST=$(hostname)
FOVEA_PORT=$((20000 + SLURM_JOB_ID % 20000))
export FOVEA_HOST FOVEA_PORT
attend srun --nodes=${launch.nodes} --ntasks=${launch.nodes} --ntasks-per-node=1 --kill-on-bad-exit=1 \\
  bash "$run/${SCRIPT_FILE}" --node "\${resume[@]}"`;
}

function indented(line: string): string {
  return `  ${line}`;
}
