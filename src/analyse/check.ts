/** Something about a declared network that its author should know; none of it is a mistake. */
export interface Check {
  /** `warning`: probably not what was meant. `note`: worth knowing. */
  readonly level: "warning" | "note";
  /** Stable name of the check, such as `branch-breaks-sharing`. */
  readonly id: string;
  /** Dotted path in the declaration. */
  readonly path: string;
  readonly message: string;
}
