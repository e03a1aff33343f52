import { type Atom, listAtoms, numberAtoms } from "../../retarget/atoms.js";
import type { Span } from "../../retarget/edit.js";
import { printCells } from "../../retarget/print-mixer.js";
import { typeSpans } from "../../retarget/type-spans.js";
import type { Part } from "./goals.js";
import { type Change, changesBetween } from "./snapshot.js";
import type { Workspace } from "./workspace.js";

/** What a piece of source decides: everything that changes with it. */
export interface Probed {
  readonly atom: Atom;
  readonly changes: readonly Change[];
}

/** Finds out what pieces of source decide, by changing each alone and loading the files. */
export class Probe {
  readonly #workspace: Workspace;
  readonly #found = new Map<string, Promise<readonly Probed[]>>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** The pieces that write the value of a part and decide anything, with what they decide. */
  of(part: Part): Promise<readonly Probed[]> {
    const key = JSON.stringify(part.from);
    const known = this.#found.get(key) ?? this.#probe(part);
    this.#found.set(key, known);
    return known;
  }

  async #probe({ from, to }: Part): Promise<readonly Probed[]> {
    const probed: Probed[] = [];
    for (const file of this.#workspace.files) {
      const source = this.#workspace.parse(file);
      const atoms = typeof from === "number" ? numberAtoms(source, from) : listAtoms(source, from);
      for (const atom of atoms) {
        const changes = await this.#changes(atom, from, to);
        if (changes.length > 0) probed.push({ atom, changes });
      }
    }
    return probed;
  }

  /** What a value is changed to for a look does not matter, as long as the files load with it. */
  async #changes(atom: Atom, from: Part["from"], to: Part["to"]): Promise<readonly Change[]> {
    const others = typeof from === "number" ? [from + 2, Math.max(1, from - 2)] : [];
    for (const value of [to, ...others]) {
      const after = await this.#workspace.tried([atomSpan(atom, value)]);
      if (after !== undefined) return changesBetween(this.#workspace.before, after);
    }
    return [];
  }
}

function atomSpan({ file, start, end }: Atom, value: Part["to"]): Span {
  const text = typeof value === "number" ? String(value) : printCells(value);
  return { file: file.getFilePath(), start, end, text };
}

/** What changes a piece of source to another value, its type along with it. */
export function atomSpans(atom: Atom, { from, to }: Part): readonly Span[] {
  const types =
    typeof from === "number" && typeof to === "number" ? typeSpans(atom.node, from, to) : [];
  return [atomSpan(atom, to), ...types];
}
