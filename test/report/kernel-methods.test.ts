import { h } from "preact";
import { render } from "preact-render-to-string";
import { expect, test } from "vitest";
import { KernelMethods } from "../../src/report/components/kernel-methods.js";
import { countMethods, isFallback } from "../../src/report/kernel-methods.js";

const layer = (method: string, reason: string) => ({ layer: "x", method, reason });

test.each([
  [layer("triton", "direct"), "cuda:0", false],
  [layer("fft", "the Triton kernels need CUDA and compute capability 8.0"), "cuda:0", true],
  [layer("fft", "chosen for this module"), "cuda:0", false],
  [layer("fft", "microseconds put: 12"), "cpu", false],
  [{ ...layer("timm", "a model of timm"), layer: "*" }, "cuda:0", false],
])("%j on %s: fallback %s", (method, device, fallback) => {
  expect(countMethods([method]).map((each) => isFallback(each, device))).toEqual([fallback]);
});

test("a fallback stands out; a reason is no markup", () => {
  const [counted] = countMethods([
    layer("fft", "<b>no</b> Triton"),
    layer("fft", "<b>no</b> Triton"),
  ]);
  const methods = [{ ...(counted as NonNullable<typeof counted>), fallback: true }];
  const html = render(h(KernelMethods, { methods }));
  expect(html).toContain('class="fallback"');
  expect(html).toContain("2 layers");
  expect(html).not.toContain("<b>");
});
