import { reach } from "../../analyse/reach.js";
import type { GridPair, Size } from "../../ir/index.js";
import { CPU, type CpuCoefficients } from "./cpu.js";
import { transformLengths } from "./fast-length.js";
import { inReach } from "./problem.js";

/** Methods that "auto" weighs on a CPU; of equal ones the first is taken. */
export const CPU_METHODS = ["dense", "fft", "boxes"] as const;
export type CpuMethod = (typeof CPU_METHODS)[number];

/** What a method has to do for one plane. */
export interface PlaneWork {
  /** A plane's share of a call. */
  readonly share: number;
  readonly pixels: number;
  /** Pixels that are laid out anew, channels last, where oneDNN's code for planes ends. */
  readonly moved: number;
  /** Taps that reach, for every pixel. */
  readonly taps: number;
  /** Taps that are computed: channels are filled up to 16 side by side. */
  readonly computed: number;
  /** Taps that the weights are copied to, once for all images. */
  readonly expanded: number;
  /** Elements of a spectrum, and those times their binary logarithm. */
  readonly spectrum: number;
  readonly transforms: number;
  /** Multiply-adds for the spectrum of a kernel, which is made once for all images. */
  readonly products: number;
  /** Passes over a plane that boxes take. */
  readonly passes: number;
}

/** Channels that oneDNN computes side by side, and its widest padding for contiguous planes. */
const LANES = 16;
const CONTIGUOUS_PADDING = 6;

/** The work of one plane, of `batch · channels`. */
export function planeWork(
  { rows, columns }: GridPair,
  map: Size,
  { batch, channels }: { readonly batch: number; readonly channels: number },
): PlaneWork {
  const [height, width] = map;
  const inKernel = inReach(rows, height).taps * inReach(columns, width).taps;
  const [lengthH, lengthW] = transformLengths(rows, columns, map);
  const pixels = height * width;
  const spectrum = lengthH * lengthW;
  const made = rows.length + (columns.length * rows.length) / lengthH;
  const [tall, wide] = [reach(rows, height).cells, reach(columns, width).cells];
  return {
    share: 1 / (batch * channels),
    pixels,
    moved: (inReach(columns, width).taps - 1) / 2 > CONTIGUOUS_PADDING ? pixels : 0,
    taps: pixels * inKernel,
    computed: (pixels * inKernel * LANES * Math.ceil(channels / LANES)) / channels,
    expanded: inKernel / batch,
    spectrum,
    transforms: spectrum * Math.log2(spectrum),
    products: (spectrum * made) / batch,
    passes:
      tall.length * wide.length + [...tall, ...wide].reduce((sum, n) => sum + additions(n), 0),
  };
}

/** Additions that sum `count` neighbours by doubling: its binary digits, and those that are 1. */
function additions(count: number): number {
  const digits = count.toString(2);
  return digits.length + digits.replaceAll("0", "").length;
}

/** Nanoseconds of one plane on one core, term by term, as `_costs` of a kernel file adds them. */
export type CpuCosts = Readonly<Record<CpuMethod, Readonly<Record<string, number>>>>;

export function cpuCosts(work: PlaneWork, mode: keyof CpuCoefficients): CpuCosts {
  const { dense, fft, boxes } = CPU[mode];
  return {
    dense: {
      call: dense.call * work.share,
      start: dense.start,
      pixels: dense.pixel * work.pixels,
      layout: dense.moved * work.moved,
      taps: dense.tap * work.computed,
      expansion: dense.expanded * work.expanded,
    },
    fft: {
      call: fft.call * work.share,
      start: fft.start,
      pixels: fft.pixel * work.pixels,
      transforms: fft.spectrum * work.spectrum,
      products: fft.product * work.products,
    },
    boxes: {
      calls: boxes.call * work.passes * work.share,
      start: boxes.start,
      passes: boxes.pass * work.pixels * work.passes,
    },
  };
}

export const totalCost = (terms: Readonly<Record<string, number>>): number =>
  Object.values(terms).reduce((sum, term) => sum + term, 0);
