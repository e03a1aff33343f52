import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StatusRecord } from "../../src/ir/run.js";

/** A row of `fovea sweep --json`. */
export interface SweepRow {
  readonly hash: string;
  readonly axes: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly run: string | null;
  readonly status: string;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly parameters?: number;
  readonly macs?: number;
  readonly predicted?: Readonly<Record<string, unknown>>;
}

/** The rows that a command printed. */
export function rowsOf(stdout: string): readonly SweepRow[] {
  return (JSON.parse(stdout) as { runs: readonly SweepRow[] }).runs;
}

/** Writes a sweep of the demo into a file of the user's. */
export function writeSweep(
  folder: string,
  over: Readonly<Record<string, readonly unknown[]>>,
  seeds: readonly number[],
): string {
  const file = join(folder, "small.sweep.ts");
  writeFileSync(
    file,
    `import { classifier, digits, experiment, network, peripheral, stem, sweep } from "fovea";
const net = network("small_net", {
  input: { channels: 1, size: 16 },
  stem: stem.patchify({ stride: 4 }),
  depths: [1],
  widths: [8],
  mixers: [peripheral({ kernel: 5, centre: 3 })],
  head: classifier(10),
});
const base = experiment({
  name: "small",
  network: net,
  task: "classification",
  data: digits({ train: 64, test: 16 }),
  recipe: { steps: 4, batch: 8 },
  seed: 0,
});
export default sweep({ base, over: ${JSON.stringify(over)}, seeds: ${JSON.stringify(seeds)} });
`,
  );
  return file;
}

/** Every run of a home, as its files have it. */
export function allRuns(home: string): readonly {
  readonly id: string;
  readonly directory: string;
  readonly hash: string;
  readonly status: StatusRecord["status"];
}[] {
  return readdirSync(join(home, "runs")).flatMap((id) => {
    const directory = join(home, "runs", id);
    const read = (name: string): unknown => JSON.parse(readFileSync(join(directory, name), "utf8"));
    try {
      const { hash } = read("run.json") as { hash: string };
      const { status } = read("status.json") as StatusRecord;
      return [{ id, directory, hash, status }];
    } catch {
      return [];
    }
  });
}

/** How often training was started, by the run's folder. */
export function trainings(log: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const line of readFileSync(log, "utf8").trim().split("\n")) {
    const { words } = JSON.parse(line) as { words: readonly string[] };
    if (words[1] !== "fovea_runtime.train") continue;
    const directory = words[words.indexOf("--run") + 1] ?? "";
    counts.set(directory, (counts.get(directory) ?? 0) + 1);
  }
  return counts;
}
