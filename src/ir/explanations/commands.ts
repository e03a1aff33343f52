import type { Explanation } from "./explanation.js";

/** Codes of commands, the Python side, runs, weights and changes of size. */
export const COMMANDS = {
  FOV0040: {
    why: "An option has a value that it does not take, is missing, or does not go together with another.",
    mend: "The fix shows what to write; `fovea COMMAND --help` lists the options.",
    example: { command: "fovea grid --kernel 50 --centre five" },
  },
  FOV0060: {
    why: "Kernels are verified, and runs are trained, by Python; none is set up, or packages are missing.",
    mend: "Run `fovea setup`, or name an interpreter in FOVEA_PYTHON; `fovea doctor` looks at both.",
    example: { command: "FOVEA_PYTHON=/nowhere fovea verify pelk_tiny" },
  },
  FOV0061: {
    why: "A kernel's output or gradient is further from float64 than its limit (docs/kernels.md), so that training with it would be wrong.",
    mend: "Report it with what `fovea verify` prints; `fovea run --unverified` goes on, and records that.",
    example: { command: "fovea verify generated/mine" },
  },
  FOV0062: {
    why: "A peer is a model of timm by its name; timm does not have it, or not with these options.",
    mend: "Take the name that the fix offers.",
    example: { command: "fovea inspect timm:swin_tny" },
  },
  FOV0070: {
    why: "No run of this id lies under this FOVEA_HOME.",
    mend: "`fovea runs list` shows those that do.",
    example: { command: "fovea runs show demo-00000000-1" },
  },
  FOV0071: {
    why: "The run is alive, is completed, has another declaration, or lacks what going on needs.",
    mend: "The message says which; start another run, or cancel this one first.",
    example: { command: "fovea run other.exp.ts --resume demo-00000000-1" },
  },
  FOV0072: {
    why: "Training ended in an error; its last lines are shown, all are in stderr.log.",
    mend: "Mend the cause and resume the run.",
    example: { command: "fovea run my.exp.ts --set recipe.batch=100000" },
  },
  FOV0080: {
    why: "The file is empty, cut short, of another kind, or its digest differs.",
    mend: "Copy it again, or name another checkpoint.",
    example: {
      command:
        "fovea weights import --from README.md --format slak --network slak_tiny --out w.safetensors",
    },
  },
  FOV0081: {
    why: "A .pth file may hold any pickled object, and loading one runs its code.",
    mend: "Convert it where you trust it: torch.save(model.state_dict(), …).",
    example: {
      command:
        "fovea weights import --from whole-model.pth --format timm --network convnext_tiny --out w.safetensors",
    },
  },
  FOV0082: {
    why: "Keys are missing, left over or of another shape; every one is listed.",
    mend: "Name the network that the checkpoint is of, or resize it with `fovea weights resize`.",
    example: {
      command:
        "fovea weights import --from slak_small.pth --format slak --network slak_tiny --out w.safetensors",
    },
  },
  FOV0083: {
    why: "The parallel branch is wider than the unshared centre: merged, the kernel is dense (contract, line 39).",
    mend: "Declare a branch no wider than the centre, or allow it with --allow-dense.",
    example: { command: "fovea fuse RUN --out fused.safetensors" },
  },
  FOV0090: {
    why: "This is a fault of fovea's.",
    mend: "Run the command again with --verbose and report what it prints.",
    example: { command: "fovea inspect my.arch.ts --verbose" },
  },
  FOV0100: {
    why: "Data are not where they were declared to be, or not in the layout that is read.",
    mend: "Look at the path, and at docs/data.md for the layout.",
    example: { command: "fovea run imagenet.exp.ts" },
  },
  FOV0120: {
    why: "`--launcher slurm` calls sbatch, squeue and scancel.",
    mend: "Run it on a login node, or take another launcher.",
    example: { command: "fovea run my.exp.ts --launcher slurm" },
  },
  FOV0121: {
    why: "sbatch refused the job; its words are shown.",
    mend: "Ask for what the cluster has: --partition, --time, --gpus.",
    example: { command: "fovea run my.exp.ts --launcher slurm --partition nowhere" },
  },
  FOV0130: {
    why: "Expressions compare names with values: `top1 > 80 && kernel = 51`.",
    mend: "Mend it at the place that is shown.",
    example: { command: "fovea runs list --where 'top1 >'" },
  },
  FOV0131: {
    why: "Names are those of columns, metrics and settings (docs/runs.md).",
    mend: "Take the name that the fix offers.",
    example: { command: "fovea runs list --where 'topp1 > 80'" },
  },
  FOV0132: {
    why: "A number is compared with numbers, a text with texts.",
    mend: "Write a value of the same kind.",
    example: { command: "fovea runs list --where 'top1 > high'" },
  },
  FOV0140: {
    why: "The record lacks what a run needs to be run again, or names what is not here.",
    mend: "The message says what; see docs/provenance.md.",
    example: { command: "fovea replay demo-00000000-1" },
  },
  FOV0141: {
    why: "Files of the run's package are not those that trained.",
    mend: "Put them back, or replay with the package as it is, which is recorded.",
    example: { command: "fovea replay demo-00000000-1" },
  },
  FOV0142: {
    why: "The two are of different kinds, so that a comparison would say nothing.",
    mend: "Name two networks, two packages or two runs.",
    example: { command: "fovea diff my.arch.ts demo-00000000-1" },
  },
  FOV0150: {
    why: "A sink passes figures on through its own package.",
    mend: "Install it in the Python that trains.",
    example: { command: "fovea run my.exp.ts --sink wandb" },
  },
  FOV0155: {
    why: "`--erf` shows pictures that `fovea erf` made.",
    mend: "Run `fovea erf` first, or leave out --erf.",
    example: { command: "fovea report --sweep my.sweep.ts --erf --out report" },
  },
  FOV0160: {
    why: "The port is taken, or needs a right.",
    mend: "Take another with --port.",
    example: { command: "fovea ui --port 80" },
  },
  FOV0161: {
    why: "A checkout has the page's sources, and builds them with `npm run build`.",
    mend: "Run `npm ci`, which builds it.",
    example: { command: "fovea ui" },
  },
  FOV0170: {
    why: "The stage is not there, or has no such size: an explicit grid's kernel is the sum of its cells, and only peripheral kernels have a centre.",
    mend: "Name a stage of the network, from 0; give an explicit grid other cells with --grid.",
    example: { command: "fovea retarget pelk_tiny --stage 4=61" },
  },
  FOV0171: {
    why: "No number in the files decides this value alone: an expression makes it. Writing it out would replace the expression.",
    mend: "Change what it is computed from by hand, or allow the change that is shown with --override.",
    example: { command: "fovea retarget computed.arch.ts --stage 0=61" },
  },
  FOV0172: {
    why: "The number that gives this value gives it to other networks as well, and they would change too.",
    mend: "Change it by hand for all of them, or write it out for this network alone with --split.",
    example: { command: "fovea retarget two.arch.ts --network mine --stage 0=61" },
  },
  FOV0173: {
    why: "Every change of the source is tried by loading the files with it. None gave what is asked and left all else as it was, or the file declares something else at every load.",
    mend: "Change the file by hand, and compare with `fovea inspect`.",
    example: { command: "fovea retarget random.arch.ts --stage 0=61" },
  },
  FOV0174: {
    why: "What `--write` did is kept under FOVEA_HOME, and taken back only where the files are as it left them.",
    mend: "Use the same FOVEA_HOME; --force takes back over a later change, which is lost.",
    example: { command: "fovea retarget my.arch.ts --undo" },
  },
} as const satisfies Readonly<Record<string, Explanation>>;
