import { expect, test } from "vitest";
import { ExperimentName, NetworkName } from "../../src/ir/name.js";

const takes = (schema: typeof NetworkName, name: string) => schema.safeParse(name).success;

test("names of networks are names of Python packages (contract, line 7)", () => {
  for (const name of ["a", "pelk_tiny", "my_pelk2", "a".repeat(64)]) {
    expect(takes(NetworkName, name)).toBe(true);
  }
  for (const name of [
    "",
    "A",
    "2a",
    "_a",
    "a-b",
    "a b",
    "a.b",
    "a/b",
    "ä",
    "a\n",
    "a'",
    "a".repeat(65),
  ]) {
    expect(takes(NetworkName, name)).toBe(false);
  }
});

test("no keyword, and no module that the package or Python itself needs", () => {
  const reserved = ["class", "lambda", "match", "torch", "triton", "numpy", "timm", "torchvision"];
  for (const name of [...reserved, "fovea_runtime", "typing", "json", "test", "kernels"]) {
    const python = name !== "test" && name !== "kernels";
    expect(takes(NetworkName, name)).toBe(!python);
    expect(takes(ExperimentName, name)).toBe(!python);
  }
});

test("names of experiments may hold hyphens", () => {
  expect(takes(ExperimentName, "pelk-tiny-1")).toBe(true);
  expect(takes(ExperimentName, "-a")).toBe(false);
});
