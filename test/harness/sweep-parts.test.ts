import { describe, expect, test } from "vitest";
import { account } from "../../src/analyse/account.js";
import { keptElements } from "../../src/analyse/activations.js";
import { demo } from "../../src/dsl/zoo/demo.js";
import { orderPoints } from "../../src/harness/sweep/order-points.js";
import { Predictor } from "../../src/harness/sweep/predict.js";
import { slotsOf, threadsOf } from "../../src/harness/sweep/slots.js";
import { trainingImages } from "../../src/harness/sweep/training-images.js";
import { contentHash } from "../../src/ir/hash.js";
import { listRuns } from "../../src/runs/run-index.js";
import { ended, eventLines, start, step, writeRun } from "../support/runs.js";
import { temporaryFolder } from "../support/temporary.js";

const PEER = { slots: null, gpus: null, processes: 1, devices: null };

describe("places", () => {
  test("take the GPUs in turn, and as many as a run has processes", () => {
    const env = {};
    const visible = (request: Partial<Parameters<typeof slotsOf>[0]>) =>
      slotsOf({ ...PEER, devices: 4, ...request }, env).map((slot) => slot.visible);
    expect(visible({ slots: 2 })).toEqual([null, null]);
    expect(visible({ gpus: [0, 2] })).toEqual(["0", "2"]);
    expect(visible({ gpus: [0, 2], slots: 3 })).toEqual(["0", "2", "0"]);
    expect(visible({ gpus: [0, 1, 2, 3], processes: 2 })).toEqual(["0,1", "2,3"]);
    expect(() => visible({ gpus: [4] })).toThrow(/no GPU 4/);
    expect(() => visible({ gpus: [0], processes: 2 })).toThrow(/2 processes/);
  });

  test("share the cores only where the user says nothing", () => {
    expect(threadsOf(1, 1, {})).toBeNull();
    expect(threadsOf(4, 1, { OMP_NUM_THREADS: "3" })).toBeNull();
    expect(threadsOf(4096, 1, {})).toBe(1);
  });
});

test("orders", () => {
  const points = [3, 1, 2].map((seed) => {
    const experiment = { ...demo(), seed: seed % 2 };
    return { axes: {}, seed: seed % 2, hash: contentHash({ seed }), experiment, cost: seed };
  });
  const order = (name: Parameters<typeof orderPoints>[1]) =>
    orderPoints(points, name, (point) => (point as (typeof points)[number]).cost).map(
      (point) => (point as (typeof points)[number]).cost,
    );
  expect(order("declared")).toEqual([3, 1, 2]);
  expect(order("seeds")).toEqual([2, 3, 1]);
  expect(order("cheapest")).toEqual([1, 2, 3]);
  expect(order("costliest")).toEqual([3, 2, 1]);
  expect(order("shuffled")).toEqual(order("shuffled"));
  expect([...order("shuffled")].sort()).toEqual([1, 2, 3]);
});

test("images of a training: whole batches, and unknown where only the disk knows", () => {
  const experiment = demo();
  const { recipe } = experiment;
  expect(trainingImages({ ...experiment, recipe: { ...recipe, steps: 7, batch: 4 } })).toBe(28);
  const epochs = { ...recipe, steps: null, epochs: 3, batch: 30 };
  const data = { type: "digits" as const, train: 100, test: 10 };
  expect(trainingImages({ data, recipe: epochs })).toBe(270);
  expect(trainingImages({ data: { ...data, train: 20 }, recipe: epochs })).toBe(60);
});

describe("predictions", () => {
  const count = (experiment: ReturnType<typeof demo>) => {
    const card = account(experiment.network);
    return {
      parameters: card.params.dense,
      macs: card.macs.dense,
      kept: keptElements(card, false),
    };
  };

  test("are those of the same network, else of multiply-adds, else there are none", async () => {
    const home = temporaryFolder();
    const experiment = demo();
    const predictor = async () =>
      new Predictor(await listRuns(home), "cpu", 1, (each) => count(each as typeof experiment));
    expect((await predictor()).of(experiment)).toMatchObject({ seconds: null, basis: null });
    // Four steps in five seconds, as its events say.
    const events = eventLines([start(), step(1), step(2), step(3), step(4), ended()]);
    writeRun(home, { experiment, events });
    const images = trainingImages(experiment) ?? 0;
    const each = 5 / (4 * experiment.recipe.batch);
    expect((await predictor()).of(experiment)).toMatchObject({
      seconds: images * each,
      basis: "measured",
    });
    const [mixer, ...rest] = experiment.network.mixers;
    if (mixer === undefined) throw new Error("the demo has mixers");
    const network = { ...experiment.network, depths: experiment.network.depths.map((n) => 2 * n) };
    const other = { ...experiment, network: { ...network, mixers: [mixer, ...rest] } };
    const { seconds, basis } = (await predictor()).of(other);
    expect(basis).toBe("macs");
    const ratio = count(other).macs / count(experiment).macs;
    expect(seconds).toBeCloseTo(images * each * ratio, 6);
  });

  test("memory grows with the piece that is computed, not with the batch", () => {
    const experiment = demo();
    const of = (change: Partial<typeof experiment.recipe>) =>
      new Predictor([], "cpu", 1, (each) => count(each as typeof experiment)).of({
        ...experiment,
        recipe: { ...experiment.recipe, ...change },
      }).memory ?? 0;
    const { batch } = experiment.recipe;
    const whole = of({ accumulate: 1 });
    expect(of({ accumulate: 2, batch: 2 * batch })).toBe(whole);
    expect(of({ accumulate: 2 })).toBeLessThan(whole);
    expect(of({ ema: false })).toBe(of({ ema: 0.9 }) - 4 * count(experiment).parameters);
  });
});
