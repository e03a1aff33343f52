/** Texts of files that stand in for what is on the disk, by their real paths. */
export type Overlay = ReadonlyMap<string, string>;

/** What loads of the same files share. */
export interface LoadContext {
  readonly overlay: Overlay;
  /** What Babel made of a text, so that only files that changed are transformed again. */
  readonly transformed: Map<string, string>;
}

/** A load of what is on the disk, sharing nothing. */
export function plainContext(): LoadContext {
  return { overlay: new Map(), transformed: new Map() };
}
