/** Upper limits, so that no declaration hangs the tool (contract, line 8). */
export const LIMITS = {
  /** Longest side of a kernel, and largest sum of a grid's cells, in taps. */
  kernelSide: 1023,
  /** Channels of a stage after widening. */
  width: 65_536,
  /** Blocks in one stage. */
  blocks: 1_000,
  /** Stages in one network. */
  stages: 64,
  /** Side of an input image, in pixels. */
  inputSide: 65_536,
  /** Classes of a classifier. */
  classes: 1_000_000,
  /** Runs of a sweep. */
  sweepRuns: 10_000,
  /** Kernel sizes of all stages that are explored at once. */
  exploredSizes: 10_000,
} as const;
