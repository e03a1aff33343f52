import type { Bench, BenchCandidate, BenchShape, BenchTimes } from "../../src/ir/bench.js";

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
