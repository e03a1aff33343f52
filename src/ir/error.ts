import type { ErrorCode } from "./codes.js";

/** A place in a user's file; line and column start at 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** Everything a user needs to mend a mistake. */
export interface ErrorDetails {
  readonly code: ErrorCode;
  /** One sentence that says what is wrong. */
  readonly message: string;
  /** What is wrong in full, one thing a line, where a sentence would not hold it. */
  readonly list?: readonly string[];
  /** Dotted path of the value in the declaration, such as `mixers[0].kernel`. */
  readonly path?: string;
  /** Where the path was not written (a preset gave it), options that may be what is wrong. */
  readonly related?: readonly string[];
  /** The value that was seen, as it was written. */
  readonly value?: unknown;
  /** The values that are allowed, in words. */
  readonly allowed?: string;
  /** What to write in its place. */
  readonly fix?: string;
  readonly location?: SourceLocation;
  /** Where the value is written, where that is not in the call that it is wrong in. */
  readonly written?: SourceLocation;
}

const BRAND = Symbol.for("fovea.error");

/**
 * A mistake that the user can mend. Anything else that is thrown is a fault of the tool.
 * `stack` is kept: the loader reads the frames of the user's own files from it.
 */
export class FoveaError extends Error {
  override readonly name = "FoveaError";
  readonly [BRAND] = true;
  readonly details: ErrorDetails;

  constructor(details: ErrorDetails, options?: ErrorOptions) {
    super(details.message, options);
    this.details = details;
  }

  get code(): ErrorCode {
    return this.details.code;
  }

  /** The same mistake, with a place or other details filled in. */
  with(more: Partial<ErrorDetails>): FoveaError {
    const error = new FoveaError({ ...this.details, ...more }, { cause: this.cause });
    if (this.stack !== undefined) error.stack = this.stack;
    return error;
  }
}

/** Holds across copies of the module, where `instanceof` would not. */
export function isFoveaError(value: unknown): value is FoveaError {
  return typeof value === "object" && value !== null && BRAND in value;
}
