/** One file as it is to stand on the disk. */
export interface EmittedFile {
  /** Relative to the package's folder, with `/`. */
  readonly path: string;
  readonly text: string;
}
