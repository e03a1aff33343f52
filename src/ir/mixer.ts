import { z } from "zod";
import { Cells } from "./grid.js";
import { LIMITS } from "./limits.js";

const Odd = z
  .int()
  .positive()
  .max(LIMITS.kernelSide)
  .refine((n) => n % 2 === 1, "an odd whole number");

/** A kernel's side, or `[height, width]`; odd. */
const Kernel = z.union([Odd, z.tuple([Odd, Odd])]);

/** What every depthwise mixer can have beside its kernel. */
const common = {
  /** Share of the channels that is convolved; the rest passes unchanged (PeLK, section 3.4). */
  partial: z.number().gt(0).max(1),
  /** Kernel-wise positional embedding (PeLK, section 3.3, equation 3). */
  embedding: z.union([z.enum(["bias", "masked"]), z.literal(false)]),
  /** Side of the small parallel convolution that is merged after training, or none. */
  branch: z.union([Odd, z.literal(false)]),
};

/** The exponential sharing grid: ones in the centre, then powers of `base` outwards (PeLK, equation 2). */
export const PeripheralMixer = z.strictObject({
  type: z.literal("peripheral"),
  kernel: Kernel,
  centre: Odd,
  base: z.int().min(2).max(LIMITS.kernelSide),
  remainder: z.enum(["own", "merge"]),
  ...common,
});

/** Any explicit pair of grids. */
export const GridMixer = z.strictObject({
  type: z.literal("grid"),
  rows: Cells,
  columns: Cells,
  ...common,
});

/** A depthwise kernel without sharing (RepLKNet, ConvNeXt). */
export const DenseMixer = z.strictObject({ type: z.literal("dense"), kernel: Kernel, ...common });

/** Two parallel kernels, `height × width` and `width × height` of a stripe (SLaK, section 4.1). */
export const StripesMixer = z.strictObject({
  type: z.literal("stripes"),
  kernel: Kernel,
  width: Odd,
  ...common,
});

export const Mixer = z.discriminatedUnion("type", [
  PeripheralMixer,
  GridMixer,
  DenseMixer,
  StripesMixer,
]);

export type PeripheralMixer = z.infer<typeof PeripheralMixer>;
export type GridMixer = z.infer<typeof GridMixer>;
export type DenseMixer = z.infer<typeof DenseMixer>;
export type StripesMixer = z.infer<typeof StripesMixer>;
export type Mixer = z.infer<typeof Mixer>;
