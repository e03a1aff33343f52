/** What triggers a code: a file that declares something wrong, or a command. */
type Example = { readonly file: string } | { readonly command: string };

/** What `fovea explain` says of a code beside its meaning. */
export interface Explanation {
  /** Why it is a mistake, or what follows from it. */
  readonly why: string;
  /** What to do. */
  readonly mend: string;
  readonly example: Example;
}
