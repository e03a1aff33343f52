import { canonicalJson } from "../../../src/ir/hash.js";
import type { Network } from "../../../src/ir/index.js";
import { loadFile, loadTarget } from "../../../src/load/load-target.js";
import { readProgram } from "./folders.js";
import type { Program } from "./program.js";

/** What a program's folder declares, as users of the tool see it. */
interface State {
  readonly networks: readonly Network[];
  /** Everything that is exported but for the networks, canonical JSON. */
  readonly rest: string;
  /** Networks that are exported beside the default, by the way to them. */
  readonly others: ReadonlyMap<string, Network>;
}

/** A program's folder as it is before an edit or after it. */
export interface Folder {
  readonly files: ReadonlyMap<string, string>;
  readonly state: State;
}

export async function folderOf(folder: string, program: Program): Promise<Folder> {
  return { files: readProgram(folder, program), state: await stateOf(folder, program) };
}

async function stateOf(folder: string, { entry }: Program): Promise<State> {
  const { networks } = await loadTarget(entry, { cwd: folder, note: () => {} });
  const { found } = await loadFile(entry, folder, (exports) => exports);
  const others = new Map<string, Network>();
  const rest = withoutNetworks(found, "", others);
  return { networks, rest: canonicalJson(rest), others };
}

/** A copy with nothing where a network is; hashes go with what they are of. */
function withoutNetworks(value: unknown, at: string, found: Map<string, Network>): unknown {
  if (typeof value !== "object" || value === null) {
    return typeof value === "function" ? null : value;
  }
  if ("kind" in value && value.kind === "network") {
    found.set(at, value as unknown as Network);
    return null;
  }
  if (Array.isArray(value)) {
    return value.map((each, index) => withoutNetworks(each, `${at}[${index}]`, found));
  }
  const entries = Object.entries(value).filter(([key]) => key !== "hash");
  return Object.fromEntries(
    entries.map(([key, each]) => [key, withoutNetworks(each, `${at}.${key}`, found)]),
  );
}
