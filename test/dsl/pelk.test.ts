import { expect, test } from "vitest";
import { dense, pelk } from "../../src/dsl/index.js";
import { shippedExperiments, shippedNetworks } from "../../src/dsl/zoo/shipped.js";

// PeLK, section 4.1, and facts.md, section 4.
test.each([
  ["tiny", [3, 3, 9, 3], [96, 192, 384, 768], 0.1],
  ["small", [3, 3, 27, 3], [96, 192, 384, 768], 0.4],
  ["base", [3, 3, 27, 3], [128, 256, 512, 1024], 0.5],
] as const)("pelk(%o) is the paper's", (size, depths, widths, dropPath) => {
  const net = pelk(size);
  expect(net).toMatchObject({ name: `pelk_${size}`, depths, widths, dropPath });
  expect(net).toMatchObject({
    widen: 1.3,
    sparsity: 0.4,
    stem: { stride: 4 },
    head: { classes: 1000 },
  });
  expect(net.mixers.map((mixer) => mixer.type === "peripheral" && mixer.kernel)).toEqual([
    51, 49, 47, 13,
  ]);
  for (const mixer of net.mixers) {
    expect(mixer).toMatchObject({ centre: 5, partial: 3 / 8, embedding: "bias", branch: 5 });
  }
});

test("overrides replace what they name and nothing else", () => {
  const widths = [8, 16, 24, 32] as const;
  expect(pelk("tiny", { name: "thin", widths })).toEqual({ ...pelk("tiny"), name: "thin", widths });
});

test("all three lists together may have another length", () => {
  const net = pelk("base", { depths: [1], widths: [8], mixers: [dense({ kernel: 3 })] });
  expect(net).toMatchObject({ depths: [1], widths: [8], mixers: [{ type: "dense" }] });
});

test("what is shipped goes by its own name", () => {
  for (const [name, make] of Object.entries(shippedNetworks)) expect(make().name).toBe(name);
  for (const [name, make] of Object.entries(shippedExperiments)) expect(make().name).toBe(name);
});
