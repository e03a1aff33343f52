import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { demo } from "../../src/dsl/zoo/demo.js";
import { collectRun, type ReportedRun } from "../../src/report/collect-run.js";
import { comparisonWarnings, differingFacts } from "../../src/report/comparability.js";
import { findRun } from "../../src/runs/find-run.js";
import { ended, evaluated, start, step, writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

interface Made {
  readonly torch?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly commit?: string;
  readonly train?: number;
  readonly device?: string;
  readonly seed?: number;
}

function run(home: string, counter: number, made: Made = {}): ReportedRun {
  const experiment = structuredClone(demo());
  if (made.train !== undefined && experiment.data.type === "digits") {
    experiment.data.train = made.train;
  }
  if (made.seed !== undefined) experiment.seed = made.seed;
  const begun = {
    ...start(),
    device: made.device ?? "cpu",
    versions: { torch: made.torch ?? "2.15.0" },
    ...(made.data === undefined ? {} : { data: made.data }),
  };
  const { id, directory } = writeRun(home, {
    experiment,
    counter,
    events: [begun, step(1), evaluated(1, { top1: 1 }), ended()],
  });
  const file = join(directory, "run.json");
  const record = JSON.parse(readFileSync(file, "utf8"));
  record.git = { commit: made.commit ?? "c".repeat(40), dirty: false };
  writeFileSync(file, JSON.stringify(record));
  return collectRun(findRun(home, id));
}

test.each<[string, Made, RegExp]>([
  ["versions", { torch: "2.14.0" }, /^torch differs: 2\.15\.0 \(1\), 2\.14\.0 \(1\)/],
  ["commits", { commit: "d".repeat(40) }, /^git differs: c{12} \(1\), d{12} \(1\)/],
  ["devices", { device: "cuda:0" }, /^device differs: cpu \(1\), cuda:0 \(1\)/],
  ["declared data", { train: 7 }, /2 different declarations of data/],
  ["bytes of the data", { data: { train: "other" } }, /read other bytes/],
])("other %s make runs incomparable", (_, made, warning) => {
  const home = temporaryFolder();
  const data = { train: "digest" };
  const runs = [run(home, 1, { data }), run(home, 2, { data, ...made })];
  const warnings = comparisonWarnings(runs, []);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(warning);
});

test("what is the same is no warning, nor is data that an axis varies", () => {
  const home = temporaryFolder();
  const runs = [run(home, 1), run(home, 2)];
  expect(comparisonWarnings(runs, [])).toEqual([]);
  expect(differingFacts(runs)).toEqual([]);
  const other = run(home, 3, { train: 7 });
  expect(comparisonWarnings([...runs, other], ["data.train"])).toEqual([]);
  const scenes = [0, 1].map((seed) => run(home, 1, { seed, data: { train: `of seed ${seed}` } }));
  expect(comparisonWarnings(scenes, [])).toEqual([]);
});
