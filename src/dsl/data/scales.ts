/** Scales of images with boxes. */
export interface ScaleOptions {
  /**
   * Sides in pixels, one of which the shorter side becomes by chance in training, the largest in
   * evaluation; 480 to 800 in steps of 32 where they are not given.
   */
  readonly scales?: readonly number[] | undefined;
  /** Most pixels of the longer side; 1333 where it is not given. */
  readonly maxSize?: number | undefined;
}

export const SCALES = {
  scales: [480, 512, 544, 576, 608, 640, 672, 704, 736, 768, 800],
  maxSize: 1333,
} as const;
