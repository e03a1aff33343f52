import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname } from "node:path";
import { projectOf } from "../../disk/project-of.js";
import { canonicalJson } from "../../ir/hash.js";
import type { Network } from "../../ir/network.js";
import type { Span } from "../../retarget/edit.js";
import { importersOf } from "./importers.js";
import type { Snapshot } from "./snapshot.js";
import type { Workspace } from "./workspace.js";

/** Other files of the project that declare networks from what an edited file gives them. */
export class Dependents {
  readonly #workspace: Workspace;
  readonly #chosen: Network;
  readonly #before = new Map<string, Promise<Snapshot | undefined>>();
  readonly #importers = new Map<string, readonly string[]>();

  constructor(workspace: Workspace, chosen: Network) {
    this.#workspace = workspace;
    this.#chosen = chosen;
  }

  /**
   * Networks of other files that edits would change, by name and file. The same network, handed on
   * by an experiment in another file, is none of them.
   */
  async changedBy(spans: readonly Span[]): Promise<readonly string[]> {
    const changed: string[] = [];
    for (const file of this.#importersOf(spans)) {
      const known = this.#before.get(file) ?? this.#tried(file, []);
      this.#before.set(file, known);
      const before = await known;
      const after = before && (await this.#tried(file, spans));
      if (before === undefined || after === undefined) continue;
      for (const [index, { network }] of before.networks.entries()) {
        const now = after.networks[index]?.network;
        if (now === undefined || canonicalJson(now) === canonicalJson(network)) continue;
        if (canonicalJson(network) === canonicalJson(this.#chosen)) continue;
        changed.push(`${network.name} in ${basename(file)}`);
      }
    }
    return changed;
  }

  #tried(file: string, spans: readonly Span[]): Promise<Snapshot | undefined> {
    return this.#workspace.otherTried(file, dirname(file), spans);
  }

  /** Only files that declare something are loaded: loading a file runs it. */
  #importersOf(spans: readonly Span[]): readonly string[] {
    const edited = [...new Set(spans.map(({ file }) => file))].sort();
    const key = edited.join("\0");
    const own = realpathSync(this.#workspace.before.file);
    const known =
      this.#importers.get(key) ??
      importersOf(projectOf(own), new Set(edited)).filter((file) => file !== own && declares(file));
    this.#importers.set(key, known);
    return known;
  }
}

function declares(file: string): boolean {
  const text = readFileSync(file, "utf8");
  return (
    /\bexport\s+default\b|\bas\s+default\b/.test(text) && /["']fovea["']|\.\/|\.\.\//.test(text)
  );
}
