import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LaunchOptions } from "../../../src/ir/run.js";
import { SlurmOptions } from "../../../src/ir/slurm.js";
import type { TrainingTask } from "../../../src/launch/launcher.js";
import { sbatchOptions, slurmTime } from "../../../src/launch/slurm/options.js";
import { jobScript } from "../../../src/launch/slurm/script.js";
import { shellQuote } from "../../../src/launch/slurm/shell-quote.js";
import { slurmPath } from "../../../src/launch/slurm/submit.js";

function task(
  slurm: Partial<SlurmOptions>,
  launch: Partial<LaunchOptions> = {},
  more: Partial<TrainingTask> = {},
): TrainingTask {
  return {
    directory: "/runs/a-1",
    run: "a-1",
    resume: false,
    device: "cpu",
    launch: LaunchOptions.parse({
      launcher: "slurm",
      ...launch,
      slurm: SlurmOptions.parse(slurm),
    }),
    node: null,
    python: "/venv/bin/python",
    cwd: "/work",
    env: { FOVEA_CACHE: "/cache" },
    verify: null,
    ...more,
  };
}

test("a run on a CPU asks for nothing that was not said", () => {
  expect(sbatchOptions(task({}))).toEqual(["--requeue", "--signal=B:USR1@60"]);
});

test("what was said", () => {
  const said = {
    partition: "gpu",
    account: "lab",
    qos: "high",
    time: 90_061,
    gpus: 4,
    gpuType: "h100",
    cpus: 8,
    memory: 65_536,
    constraint: "nvlink",
    requeue: false,
  };
  expect(sbatchOptions(task(said, { processes: 4, nodes: 2 })).join(" ")).toBe(
    "--partition=gpu --account=lab --qos=high --time=1-01:01:01 --nodes=2 --ntasks-per-node=1" +
      " --cpus-per-task=32 --mem=65536M --gres=gpu:h100:4 --constraint=nvlink --no-requeue --signal=B:USR1@60",
  );
});

test("a run on GPUs has one for each process, unless another number is said", () => {
  const cuda = { device: "cuda" };
  expect(sbatchOptions(task({}, { processes: 2 }, cuda))).toContain("--gres=gpu:2");
  expect(sbatchOptions(task({ gpus: 0 }, {}, cuda)).join(" ")).not.toContain("gres");
});

test("a short job is warned late, so that it trains at all", () => {
  expect(sbatchOptions(task({ time: 60 }))).toContain("--signal=B:USR1@6");
  expect(sbatchOptions(task({ time: 600 }))).toContain("--signal=B:USR1@60");
});

test("times as Slurm reads them", () => {
  expect(slurmTime(60)).toBe("0-00:01:00");
  expect(slurmTime(90_061)).toBe("1-01:01:01");
  expect(slurmTime(100 * 86_400 - 1)).toBe("99-23:59:59");
});

test("a file name as sbatch reads it", () => {
  expect(slurmPath("/a %j/b")).toBe("/a %%j/b");
  expect(slurmPath("/a\\x %j")).toBe("/a\\\\x %j");
});

test("bash reads a quoted word back as it was", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }), { maxLength: 4 }), (words) => {
      const plain = words.map((word) => word.replaceAll("\0", ""));
      const echoed = execFileSync("bash", [
        "-c",
        `printf '%s\\0' ${plain.map(shellQuote).join(" ")}`,
      ]);
      const expected = plain.length === 0 ? "\0" : plain.map((word) => `${word}\0`).join("");
      expect(echoed.toString("utf8")).toBe(expected);
    }),
    { numRuns: 30 },
  );
});

test.each([
  ["one process", {}, {}, "exec /venv/bin/python -m fovea_runtime.train --run '/r u/n'"],
  [
    "several processes",
    { processes: 2 },
    {},
    "exec /venv/bin/python -m torch.distributed.run --nnodes 1 --nproc-per-node 2",
  ],
  ["several nodes", { nodes: 2 }, {}, '--node-rank "$SLURM_PROCID" --master-addr "$FOVEA_HOST"'],
  [
    "verification",
    {},
    { verify: "/r u/n/package/p" },
    "-m fovea_runtime.verify '/r u/n/package/p'",
  ],
])("a script for %s: bash can read it", (_, launch, more, words) => {
  const script = jobScript(task({}, launch, { ...more, directory: "/r u/n" }));
  expect(script).toContain(words);
  execFileSync("bash", ["-n"], { input: script });
});
