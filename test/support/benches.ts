import type { Bench, BenchCandidate, BenchShape, BenchTimes } from "../../src/ir/bench.js";
import type { DataBench } from "../../src/ir/data-bench.js";
import type { NetworkBench } from "../../src/ir/network-bench.js";

function times(median: number, auto: number): BenchTimes {
  const [min, max] = [0.9 * median, 1.2 * median];
  return {
    median,
    min,
    lower_quartile: min,
    upper_quartile: max,
    max,
    rounds: 5,
    ratio: median / auto,
    floor_share: 0.1 / median,
    matrix_share: 0.05,
  };
}

function candidate(
  name: string,
  kind: BenchCandidate["kind"],
  median: number,
  auto: number,
): BenchCandidate {
  return {
    name,
    kind,
    skipped: null,
    errors: { forward: 1e-7 },
    failures: [],
    forward: times(median, auto),
    forward_backward: times(3 * median, 3 * auto),
    peak_memory: 3 * 2 ** 20,
  };
}

/** A shape with `auto` at `auto` milliseconds and the best peer at 3. */
export function benchShape(auto: number, overrides: Partial<BenchShape> = {}): BenchShape {
  const nothing = { forward: null, forward_backward: null, peak_memory: null };
  const best = { name: "torch_fft", ratio: 3 / auto };
  const floor = { bytes: 1000, counted: "read x, write y", ms: 0.1 };
  return {
    shape: [4, 46, 56, 56],
    k: [51, 51],
    dtype: "float32",
    method: { forward: "fft: it is put at 5 us", forward_backward: "fft: it is put at 5 us" },
    floor: { forward: floor, forward_backward: floor },
    candidates: [
      candidate("auto", "own", auto, auto),
      candidate("torch_fft", "peer", 3, auto),
      candidate("conv2d_nchw", "peer", 30, auto),
      {
        ...candidate("conv2d_channels_last", "peer", 6, auto),
        failures: ["forward: forward is off by 1, limit 1e-5"],
        ...nothing,
      },
      {
        ...candidate("replknet_cutlass", "peer", 6, auto),
        skipped: "it is a CUDA extension",
        ...nothing,
      },
    ],
    best_peer: { forward: best, forward_backward: best },
    ...overrides,
  };
}

/** A document of one kernel, as Python prints it. */
export function benchOf(shapes: readonly BenchShape[], kernel = "peripheral_51x51_c5"): Bench {
  return {
    kernels: [
      {
        kernel,
        hash: "ab".repeat(32),
        device: "cpu",
        device_name: "x86_64 AVX2",
        threads: 2,
        machine: {
          copy_bytes_per_second: 20e9,
          matrix_flops_per_second: 100e9,
          matrix_dtype: "float32",
        },
        shapes: [...shapes],
        failures: [],
        passed: true,
      },
    ],
  };
}

const timesOf = (median: number) => ({
  ...{ median, min: 1, lower_quartile: 1, upper_quartile: 2, max: 8, rounds: 3 },
  ...{ images_per_second: 4000 / median, ratio: median / 2 },
});
const of = (name: string, more: object) => ({
  ...{ name, kind: "own" as const, form: "trained" as const, model: null, parameters: 12_345_678 },
  ...{
    failures: [],
    forward: timesOf(2),
    forward_backward: timesOf(6),
    peak_memory: 2 ** 21,
    ...more,
  },
});
const FUSED = { form: "fused" as const, forward_backward: null, peak_memory: null };
/** A document of whole networks, one of them a peer, as Python prints it. */
export const NETWORKS_MEASURED: NetworkBench = {
  ...{ device: "cpu", device_name: "a chip", threads: 2, versions: { torch: "2.15.0" } },
  ...{ batch: 4, channels: 3, size: [224, 224], dtype: "fp32" },
  networks: [
    of("net", {}),
    of("net fused", FUSED),
    of("timm_resnet50", { kind: "peer", model: "resnet50", forward: timesOf(3) }),
  ],
};

const rates = (median: number) => ({ median, min: median - 1, max: median + 1 });
/** A document of data, as Python prints it. */
export const DATA_MEASURED: DataBench = {
  ...{ type: "image_folder", device_name: "a chip", cores: 2, versions: { torch: "2.15.0" } },
  ...{ images: 1_281_167, size: [224, 192], batch: 64, batches: 8, rounds: 3 },
  open: { first: 61.25, kept: 0.5, peer: 5.125 },
  bytes_per_image: 112_640,
  rows: [
    {
      ...{ workers: 0, ours: rates(90), floor: rates(20_000), peer: rates(100) },
      ...{ to_floor: 0.0045, to_peer: 0.91 },
    },
    { workers: 2, ours: rates(170), floor: null, peer: null, to_floor: null, to_peer: null },
  ],
  problems: ["train/a/0.jpg cannot be used: the file is empty; it is left out"],
};
