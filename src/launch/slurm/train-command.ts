import type { TrainingTask } from "../launcher.js";
import { logsOf } from "../logs.js";
import { torchrunWords } from "../torchrun.js";
import { trainingWords } from "../training-words.js";
import { shellQuote } from "./shell-quote.js";

/** What only the job knows of the words after these options of torchrun. */
const KNOWN_THERE: Readonly<Record<string, string>> = {
  "--node-rank": '"$SLURM_PROCID"',
  "--master-addr": '"$FOVEA_HOST"',
  "--master-port": '"$FOVEA_PORT"',
};

/**
 * The body of bash's function `train`, which becomes Python, or torchrun where there are several
 * processes. `"$@"` is `--resume` or nothing.
 */
export function trainCommand(task: TrainingTask): readonly string[] {
  const { launch, python, directory } = task;
  const { stdout, stderr } = logsOf(directory);
  const logs = `>>${shellQuote(stdout)} 2>>${shellQuote(stderr)}`;
  const alone = { ...task, resume: false, node: null };
  if (launch.nodes > 1) {
    const node = { rank: 0, rendezvous: { host: "", port: 0 } };
    return [
      ...TORCHRUN(launch.processes),
      // Every node but the first has logs of its own.
      `node=$([ "$SLURM_PROCID" -eq 0 ] || echo "-node$SLURM_PROCID")`,
      `exec ${quoted([python, ...torchrunWords({ ...alone, node })])} "$@" \\`,
      `  >>${shellQuote(`${directory}/stdout`)}"$node.log" 2>>${shellQuote(`${directory}/stderr`)}"$node.log"`,
    ];
  }
  if (launch.processes === 1) {
    return [`exec ${quoted([python, ...trainingWords(alone)])} "$@" \\`, `  ${logs}`];
  }
  return [
    ...TORCHRUN(launch.processes),
    unlessSet("GLOO_SOCKET_IFNAME", "lo"),
    `exec ${quoted([python, ...torchrunWords(alone)])} "$@" \\`,
    `  ${logs}`,
  ];
}

/** torchrun would take one thread a process, and die of signals that it does not know. */
const TORCHRUN = (processes: number): readonly string[] => [
  `threads=$(($(nproc) / ${processes}))`,
  unlessSet("OMP_NUM_THREADS", "$((threads > 0 ? threads : 1))"),
  unlessSet("PET_SIGNALS_TO_HANDLE", "SIGTERM,SIGINT,SIGHUP,SIGQUIT,SIGUSR1"),
];

function unlessSet(name: string, value: string): string {
  return `export ${name}=\${${name}:-${value}}`;
}

function quoted(words: readonly string[]): string {
  return words.map((word, at) => KNOWN_THERE[words[at - 1] ?? ""] ?? shellQuote(word)).join(" ");
}
