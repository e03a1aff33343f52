import { reach } from "../../analyse/reach.js";
import type { CpuMethod, PlaneWork } from "./cpu-costs.js";
import { transformLengths } from "./fast-length.js";
import { elementBytes, outputs, type Problem } from "./problem.js";

/** Bytes of what the CPU methods compute with: half types are widened to float32. */
const REAL = 4;
const COMPLEX = 8;

/** FLOP an output of the convolution; a real transform of `S` numbers takes `2.5 · S · log2 S`. */
export function cpuFlop(method: CpuMethod, work: PlaneWork): number {
  const { pixels, taps, spectrum, transforms, products, passes } = work;
  switch (method) {
    case "dense":
      return (2 * taps) / pixels;
    case "boxes":
      return 2 * passes;
    case "fft":
      // There and back; six a product of complex numbers, of which half the spectrum is stored.
      return (2 * 2.5 * transforms + 3 * spectrum + 4 * products) / pixels;
  }
}

/** Bytes an output that the convolution's passes read and write, were nothing kept in a cache. */
export function cpuMoved(method: CpuMethod, problem: Problem, work: PlaneWork): number {
  const ends = 2 * elementBytes(problem);
  switch (method) {
    case "dense":
      return ends;
    case "boxes":
      return ends + 3 * REAL * work.passes;
    case "fft": {
      const { pair, map } = problem;
      const [lengthH, lengthW] = transformLengths(pair.rows, pair.columns, map);
      const line = (lengthW / 2 + 1) * COMPLEX;
      // Rows there and back touch the map's lines; columns there and back and the product, all.
      return ends + (line * (2 * map[0] + 7 * lengthH)) / work.pixels;
    }
  }
}

/** Bytes beside tensors that are given and returned: at most, as images may be taken in parts. */
export function cpuScratch(
  method: CpuMethod,
  problem: Problem,
  work: PlaneWork,
): Readonly<Record<string, number>> {
  const { pair, map, channels, batch } = problem;
  switch (method) {
    case "dense":
      return { kernel: (channels * work.taps * REAL) / work.pixels };
    case "boxes": {
      const boxes = reach(pair.rows, map[0]).cells.length;
      return { boxes: (boxes + 2) * outputs(problem) * REAL };
    }
    case "fft": {
      const [lengthH, lengthW] = transformLengths(pair.rows, pair.columns, map);
      const plane = lengthH * (lengthW / 2 + 1) * COMPLEX;
      return { kernel: channels * plane, spectra: batch * channels * plane };
    }
  }
}
