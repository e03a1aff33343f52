/** What all data that lie on a disk have in common. */
export interface StoredOptions {
  /** Processes that decode images, 0 to 256; 4 where it is not given, 0 decodes in training's own. */
  readonly workers?: number | undefined;
  /**
   * How many files and annotations may be unusable; 10 where it is not given, 0 allows none. Such
   * an image is named in a warning and replaced by another; one more than so many is an error.
   */
  readonly corrupt?: number | undefined;
}

export const STORED = { workers: 4, corrupt: 10 } as const;
