import { readFileSync } from "node:fs";
import type { SourceLocation } from "../ir/error.js";
import type { Peer } from "../ir/peer.js";

/** What a target was read from. */
interface Origin {
  /** `null` for what is shipped or named on the command line. */
  readonly file: string | null;
  /** Every file of the user's that was read. */
  readonly files: readonly string[];
}

/**
 * Where a peer's model was written in the user's files: the first place where its name stands in
 * quotes, else the file that declares it. What is wrong with a model is found out by Python, when
 * no call of the DSL is under way any more.
 */
export function peerPlace({ model }: Peer, { file, files }: Origin): SourceLocation | undefined {
  if (file === null) return undefined;
  for (const each of [file, ...files]) {
    const place = quoted(each, model);
    if (place !== undefined) return place;
  }
  return { file };
}

function quoted(file: string, text: string): SourceLocation | undefined {
  let lines: readonly string[];
  try {
    lines = readFileSync(file, "utf8").split("\n");
  } catch {
    return undefined;
  }
  for (const [index, line] of lines.entries()) {
    const found = ['"', "'", "`"].map((quote) => line.indexOf(quote + text + quote));
    const column = found.find((each) => each >= 0);
    if (column !== undefined) return { file, line: index + 1, column: column + 1 };
  }
  return undefined;
}
