import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { demo } from "../../../src/dsl/zoo/demo.js";
import { isFoveaError } from "../../../src/ir/error.js";
import type { Experiment } from "../../../src/ir/experiment.js";
import { selectRuns } from "../../../src/runs/query/select-runs.js";
import { ended, evaluated, start, step, writeRun } from "../../support/runs.js";

const home = mkdtempSync(join(tmpdir(), "fovea-test-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The demo with other kernels, rates and seeds. */
function variant(
  kernels: readonly [number, number],
  more: Partial<Experiment["recipe"]>,
  seed = 0,
) {
  const base = demo() as Experiment & { network: { mixers: readonly object[] } };
  const mixers = base.network.mixers.map((mixer, at) => ({ ...mixer, kernel: kernels[at] }));
  const network = { ...base.network, mixers };
  return { ...base, network, recipe: { ...base.recipe, ema: false, ...more }, seed } as Experiment;
}

/** Ids by the letters that the tests call them. */
const ids = new Map<string, string>();

beforeAll(() => {
  const measured = (metrics: Record<string, number | null>) => [
    start(),
    step(1),
    evaluated(1, metrics),
    ended(),
  ];
  const add = (letter: string, run: Parameters<typeof writeRun>[1]) =>
    ids.set(writeRun(home, run).id, letter);
  add("a", {
    experiment: variant([51, 13], { lr: 0.001 }),
    events: measured({ top1: 81, loss: 0.5 }),
  });
  add("b", {
    experiment: variant([49, 51], { lr: 0.01 }, 1),
    events: measured({ top1: 70, loss: null }),
  });
  add("c", {
    experiment: variant([31, 13], { lr: 0.001, ema: 0.999 }),
    events: [start(), step(1)],
  });
  add("d", {
    experiment: {
      ...variant([31, 31], { lr: 0.1, dropPath: 0.2 }),
      sparsity: {
        amount: 0.4,
        init: "snip",
        every: 100,
        prune: 0.3,
        grow: "random",
        on: "shared",
      },
    } as Experiment,
    status: "failed",
    events: measured({ top1: 90, "odd-name": 3 }),
  });
});

const selected = async (where: string) =>
  (await selectRuns(home, where)).runs
    .map(({ row }) => ids.get(row.run))
    .sort()
    .join("");

describe("an expression selects the runs that it is true of", () => {
  test.each([
    // Metrics: a run that lacks one is in neither half, whatever stands around it.
    ["top1>80", "ad"],
    ["top1>=81", "ad"],
    ["top1<=80", "b"],
    ["!(top1>80)", "b"],
    ["!(top1>80) || status=completed", "abc"],
    ["top1!=81", "bd"],
    ["top1=null", "c"],
    ["top1!=null", "abd"],
    ["loss=null", "bcd"],
    ["80<top1", "ad"],
    ["metrics.top1=70", "b"],
    ['metrics["odd-name"]=3', "d"],
    // Lists of mixers: one of them is enough; and of all of them, not one.
    ["kernel=51", "ab"],
    ["kernel!=51", "cd"],
    ["kernel<31", "ac"],
    ["network.mixers[0].kernel=51", "a"],
    ["network.mixers[*].kernel=51", "ab"],
    ["network.mixers[7].kernel=51", ""],
    ["depths=[1,2]", "abcd"],
    ["depths=2", "abcd"],
    ["depths>2", ""],
    // Settings, by their whole path and by their last name.
    ["recipe.lr<=0.001", "ac"],
    ["lr<=1e-3", "ac"],
    ["lr==.1", "d"],
    ["ema=false", "abd"],
    ["ema>0.9", "c"],
    ["ema!=0.999", "abd"],
    ["batch=32", "abcd"],
    ["sparsity=null", "abc"],
    ["sparsity!=null", "d"],
    ["sparsity.amount>=0.4", "d"],
    ["sparsity.amount!=0.4", ""],
    ["recipe.dropPath=null", "abc"],
    // Columns, words with and without quotes, logic.
    ["status=failed", "d"],
    ["status!=failed", "abc"],
    ['status = "completed" && seed=1', "b"],
    ["seed=1 || top1>80 && status=completed", "ab"],
    ["(seed=1 || top1>80) && status=failed", "d"],
    ["!(network='pelk_digits')", ""],
    ["network~DIGITS", "abcd"],
    ["name~'em'", "abcd"],
    ["git.dirty", "abcd"],
    ["!git.dirty", ""],
    ["recipe.compile || seed=1", "b"],
    ["versions.fovea=0.1.0", "abcd"],
    ["fovea~'0.1'", "abcd"],
    ["commit=0123456789abcdef", "abcd"],
    ["host=a-host && launcher=local && device=cpu", "abcd"],
    ["started>2023-11-14 && started<2023-11-15", "abcd"],
    ["started>2023-11-14T22:13:21Z", ""],
    ["recipe.schedule=cosine", "abcd"],
    ["launch.sinks=wandb", ""],
    ["  top1>80\n&&\tkernel=51 ", "a"],
  ])("%s", async (where, expected) => {
    expect(await selected(where)).toBe(expected);
  });

  test("a run's id is a word", async () => {
    const [id = "", letter] = [...ids][0] ?? [];
    expect(await selected(`run=${id}`)).toBe(letter);
  });

  test("without an expression there are all", async () => {
    expect((await selectRuns(home, undefined)).runs).toHaveLength(4);
  });
});

describe("a mistake is told with its place", () => {
  test.each([
    ["topp1>80", "FOV0131", 1, "top1"],
    ["top1>80 && recipe.lrr=1", "FOV0131", 12, "recipe.lr"],
    ["type=peripheral", "FOV0131", 1, "network.mixers[*].type"],
    ["dropPath=0", "FOV0131", 1, "recipe.dropPath"],
    ["metrics.top7>1", "FOV0131", 1, "top"],
    ["status=complete", "FOV0132", 8, "completed"],
    ["recipe.schedule=cosin", "FOV0132", 17, "cosine"],
    ["top1>abc", "FOV0132", 6, "number"],
    ['top1>"80"', "FOV0132", 6, "leave the quotes out"],
    ["name=5", "FOV0132", 6, '"5"'],
    ["status>5", "FOV0132", 8, "text"],
    ["status>completed", "FOV0132", 8, "= or ~"],
    ["recipe.lr=true", "FOV0132", 11, "a number"],
    ["recipe.fused=1", "FOV0132", 14, "true or false"],
    ["seed=[1,2]", "FOV0132", 6, "a list"],
    ["seed~1", "FOV0132", 6, "~"],
    ["kernel=big", "FOV0132", 8, "a list of numbers"],
    ["sparsity=3", "FOV0132", 10, "!= null"],
    ["top1>null", "FOV0132", 6, "null"],
    ["started>yesterday", "FOV0132", 9, "2026-11-30"],
    ["seed", "FOV0132", 1, "true or false"],
    ["", "FOV0130", 1, "&&"],
    ["top1>", "FOV0130", 6, "nothing after >"],
    ["top1>80 &&", "FOV0130", 11, "nothing after &&"],
    ["top1>80 & seed=1", "FOV0130", 9, "&&"],
    ["(top1>80", "FOV0130", 9, "("],
    ["top1>80)", "FOV0130", 8, ")"],
    ["top1>80 and seed=1", "FOV0130", 9, "&&"],
    ["top1>80 seed=1", "FOV0130", 9, "&&"],
    ["top1>80, seed=1", "FOV0130", 10, "&&"],
    ["1<top1<90", "FOV0130", 1, "&&"],
    ['!network="x"', "FOV0130", 2, "parentheses"],
    ["!", "FOV0130", 2, "!"],
    ["5", "FOV0130", 1, "name"],
    ['"top1">5', "FOV0130", 1, "name"],
    ["name='x", "FOV0130", 8, "quotes"],
    ["f(x)=3", "FOV0130", 3, "&&"],
    ["top1 ? 1 : 2", "FOV0130", 1, "comparison"],
    [`${"(".repeat(20_000)}`, "FOV0130", 1, "deeply"],
  ])("%s", async (where, code, place, said) => {
    const error: unknown = await selectRuns(home, where).catch((thrown: unknown) => thrown);
    if (!isFoveaError(error)) throw error;
    const { message, allowed = "", fix = "" } = error.details;
    expect(error.code).toBe(code);
    expect(message).toContain(`--where, at character ${place}:`);
    expect(`${message} ${allowed} ${fix}`).toContain(said);
  });

  test("a name is known or not whichever runs there are", async () => {
    const empty = `${home}/none`;
    expect((await selectRuns(empty, "top1>80 && kernel=51 && sparsity.amount>0")).runs).toEqual([]);
    await expect(selectRuns(empty, "nothing=1")).rejects.toThrow("nothing");
  });
});
