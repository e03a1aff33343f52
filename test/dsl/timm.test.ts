import { expect, test } from "vitest";
import { digits, experiment, timm, validatePeer } from "../../src/dsl/index.js";
import { wordsFor } from "../../src/dsl/mistake.js";
import type { FoveaError } from "../../src/ir/error.js";
import { Experiment } from "../../src/ir/experiment.js";
import { contentHash } from "../../src/ir/hash.js";

const SWIN = "swin_tiny_patch4_window7_224";
// biome-ignore lint/suspicious/noExplicitAny: what the editor refuses is tried here
const loose = timm as (...words: any[]) => ReturnType<typeof timm>;

function details(call: () => unknown): FoveaError["details"] {
  try {
    call();
  } catch (error) {
    return (error as FoveaError).details;
  }
  throw new Error("nothing is wrong with it");
}

test("a peer is a name, completed by the documented defaults", () => {
  expect(timm(SWIN)).toEqual({
    kind: "timm",
    name: `timm_${SWIN}`,
    model: SWIN,
    input: { channels: 3, size: null },
    dropPath: 0,
    classes: 1000,
  });
});

test("every option is an override, and a peer can be derived from another", () => {
  const grey = timm(SWIN, { name: "swin", input: { channels: 1 }, dropPath: 0.2, classes: 10 });
  expect(grey).toMatchObject({ name: "swin", input: { channels: 1, size: null }, classes: 10 });
  expect(timm(SWIN, { ...grey, input: { size: [64, 96] } })).toEqual({
    ...grey,
    input: { channels: 3, size: [64, 96] },
  });
  expect(Object.isFrozen(grey) && Object.isFrozen(grey.input)).toBe(true);
  expect(validatePeer(JSON.parse(JSON.stringify(grey)))).toEqual(grey);
});

test.each([
  ["resnet50.a1_in1k", "timm_resnet50_a1_in1k"],
  ["ResNet50", "timm_resnet50"],
  [`v${"i".repeat(70)}t`, `timm_v${"i".repeat(58)}`],
])("the usual name of %s can be a network's", (model, name) => {
  expect(timm(model).name).toBe(name);
});

test.each([
  [undefined],
  [null],
  [50],
  [{}],
  [""],
  ["a b"],
  ["a\nb"],
  ["swin\u001b[31m"],
  ["../model"],
  ["C:\\model"],
  ["hf-hub:timm/resnet50"],
  ["timm/resnet50"],
  ["resnet50.a.b"],
  ["résnet"],
  ["a".repeat(200)],
])("%j cannot be a model of timm", (model) => {
  expect(details(() => loose(model))).toMatchObject({
    code: "FOV0001",
    path: "model",
    value: model,
    fix: `write timm("${SWIN}")`,
  });
});

test.each([
  [{ pretrained: true }, "FOV0002", "pretrained", "nothing is downloaded"],
  [{ head: {} }, "FOV0002", "head", "write classes: 1000"],
  [{ num_classes: 10 }, "FOV0002", "num_classes", "write classes: 1000"],
  [{ img_size: 64 }, "FOV0002", "img_size", "write input: { size: 224 }"],
  [{ drop_path_rate: 0.1 }, "FOV0002", "drop_path_rate", "write dropPath: 0.1"],
  [{ clases: 10 }, "FOV0002", "clases", "write classes"],
  [{ input: { sise: 10 } }, "FOV0002", "input.sise", "write size"],
  [{ kind: "network" }, "FOV0002", "kind", ""],
  [{ model: "resnet50" }, "FOV0002", "model", ""],
  [{ name: "torch" }, "FOV0004", "name", '"torch_net"'],
  [{ classes: 0 }, "FOV0001", "classes", ""],
  [{ classes: 1e9 }, "FOV0022", "classes", ""],
  [{ dropPath: 1 }, "FOV0001", "dropPath", ""],
  [{ input: { channels: 0 } }, "FOV0001", "input.channels", ""],
  [{ input: { size: 0 } }, "FOV0001", "input.size", ""],
  [{ input: { size: [64] } }, "FOV0001", "input.size", ""],
  [{ input: 224 }, "FOV0001", "input", "write input: { size: 224 }"],
])("%j is refused", (options, code, path, fix) => {
  const found = details(() => loose(SWIN, options));
  expect(found).toMatchObject({ code, path });
  expect(found.fix).toContain(fix);
});

test("an experiment trains a peer, and its hash knows every part of it", () => {
  const declare = (network: ReturnType<typeof timm>) =>
    experiment({ name: "a", network, data: digits() });
  const declared = declare(timm(SWIN));
  expect(Experiment.parse(JSON.parse(JSON.stringify(declared)))).toEqual(declared);
  const hashes = [{}, { dropPath: 0.1 }, { classes: 10 }, { input: { size: 32 } }].map((options) =>
    contentHash(declare(timm(SWIN, options))),
  );
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(details(() => declare({ ...timm(SWIN), dropPath: 2 }))).toMatchObject({
    code: "FOV0001",
    path: "network.dropPath",
  });
  expect(details(() => declare({ ...timm(SWIN), colour: 1 } as never))).toMatchObject({
    code: "FOV0002",
    path: "network.colour",
    allowed: expect.stringContaining("dropPath"),
  });
});

test("every option of a peer has words of its own", () => {
  const declared = experiment({ name: "a", network: timm(SWIN), data: digits() });
  const keys = Object.keys(declared.network).map((key) => ["network", key]);
  for (const path of [...keys, ["network", "input", "size"], ["network", "input", "channels"]]) {
    expect(wordsFor(path, declared).allowed, path.join(".")).not.toBe("another value");
  }
});
