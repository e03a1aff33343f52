import type { Node } from "ts-morph";
import { toSize } from "../../ir/grid.js";
import { canonicalJson } from "../../ir/hash.js";
import type { Network } from "../../ir/network.js";
import type { Span } from "../../retarget/edit.js";
import { type Candidate, candidatesFor } from "./candidates.js";
import { allowedLeaves, type Goal, isAsWished, type Part } from "./goals.js";
import { atomSpans, Probe, type Probed } from "./probe.js";
import { type Change, changesBetween, differingLeaves, type Snapshot } from "./snapshot.js";
import type { Workspace } from "./workspace.js";

/** What is to become of which network. */
export interface Task {
  readonly workspace: Workspace;
  /** Index among the snapshot's networks. */
  readonly chosen: number;
  readonly wished: Network;
  readonly goals: readonly Goal[];
}

/** Why a value cannot be changed where it is written. */
type Reason =
  | { readonly kind: "computed"; readonly expression: Node | undefined }
  | {
      readonly kind: "shared";
      readonly networks: readonly string[];
      /** What they share. */
      readonly at: Node;
    };

/** A goal and what reaches it. */
export interface Reached {
  readonly goal: Goal;
  /** Where the value was written, or comes to be written. */
  readonly at: Node;
  /** Whether the value was changed there, or is written out over what gave it. */
  readonly writtenOut: boolean;
  /** What the user has to allow for it. */
  readonly needs: Reason | undefined;
}

/** Edits that give a network the sizes that are wished, and change nothing else. */
export interface Solution {
  readonly spans: readonly Span[];
  readonly after: Snapshot;
  readonly reached: readonly Reached[];
  /** A computed value that nobody asked to change, and that would be written out with the others. */
  readonly frozen?: { readonly path: string; readonly expression: Node } | undefined;
}

/** A goal that no piece of source reaches alone, and why; no reason where other stages share it. */
interface Left {
  readonly goal: Goal;
  readonly reason: Reason | undefined;
}

/** What was left where nothing that was tried does it. */
export interface Unsolved {
  readonly left: readonly Left[];
  /** Networks that every change that was tried in the calls would have changed as well. */
  readonly blocking: readonly string[];
}

/** Says which networks outside the file an atom's change would reach, by their names. */
export type Outside = (spans: readonly Span[]) => Promise<readonly string[]>;

/**
 * Finds the smallest edits: pieces of source that decide the values and nothing else, else the
 * options of the calls that declare the mixers, else the mixers written out in the network's call.
 * Every edit is tried by loading the files with it.
 */
export async function solve(task: Task, outside: Outside): Promise<Solution | Unsolved> {
  return new Solver(task, outside).solve();
}

class Solver {
  readonly #task: Task;
  readonly #outside: Outside;
  readonly #probe: Probe;
  /** Indices of what is the chosen network itself, by whatever names it is handed out. */
  readonly #same: ReadonlySet<number>;
  readonly #allowed: ReadonlySet<string>;
  /** Other networks that tried changes of calls reached. */
  readonly #blocking = new Set<string>();

  constructor(task: Task, outside: Outside) {
    this.#task = task;
    this.#outside = outside;
    this.#probe = new Probe(task.workspace);
    const { networks } = task.workspace.before;
    const own = canonicalJson(this.#before);
    this.#same = new Set(
      networks.flatMap(({ network }, index) => (canonicalJson(network) === own ? [index] : [])),
    );
    this.#allowed = allowedLeaves(task.goals, this.#before, task.wished);
  }

  get #before(): Network {
    const { workspace, chosen } = this.#task;
    return (workspace.before.networks[chosen] as { network: Network }).network;
  }

  async solve(): Promise<Solution | Unsolved> {
    const { goals } = this.#task;
    const spans: Span[] = [];
    const reached: Reached[] = [];
    const left: Left[] = [];
    for (const goal of goals) {
      const found = await this.#inPieces(goal);
      if ("reason" in found) left.push({ goal, reason: found.reason });
      else {
        spans.push(...found.spans);
        reached.push({ goal, at: found.at, writtenOut: false, needs: undefined });
      }
    }
    if (left.length === 0) {
      const after = await this.#workspace.tried(spans);
      if (after !== undefined && this.#isRight(after)) return { spans, after, reached };
    }
    const found = (await this.#withOptions(spans, reached, left)) ?? (await this.#writtenOut(left));
    return found ?? { left, blocking: [...this.#blocking] };
  }

  get #workspace(): Workspace {
    return this.#task.workspace;
  }

  /** A goal by pieces of source that decide its values and nothing else. */
  async #inPieces(
    goal: Goal,
  ): Promise<{ spans: readonly Span[]; at: Node } | { reason: Reason | undefined }> {
    const spans: Span[] = [];
    let at: Node | undefined;
    for (const part of goal.parts) {
      const deciding = (await this.#probe.of(part)).filter(({ changes }) =>
        changes.some(({ network, leaf }) => leaf === part.leaf && this.#isSame(network)),
      );
      if (deciding.length === 0) return { reason: { kind: "computed", expression: undefined } };
      const exact = goal.piecewise ? await this.#firstExact(deciding, part) : undefined;
      if (exact === undefined) return { reason: await this.#sharing(deciding, part) };
      spans.push(...atomSpans(exact.atom, part));
      at ??= exact.atom.node;
    }
    return at === undefined ? { reason: undefined } : { spans, at };
  }

  async #firstExact(deciding: readonly Probed[], part: Part): Promise<Probed | undefined> {
    for (const each of deciding) {
      if (!each.changes.every((change) => this.#isWanted(change, part))) continue;
      if ((await this.#outside(atomSpans(each.atom, part))).length === 0) return each;
    }
    return undefined;
  }

  #isSame(network: number | undefined): boolean {
    return network !== undefined && this.#same.has(network);
  }

  /** Whether a change is one that is asked for: the same value everywhere, and of this network. */
  #isWanted({ network, leaf }: Change, { from, to }: Part): boolean {
    if (!this.#isSame(network) || !this.#allowed.has(leaf)) return false;
    const parts = this.#task.goals.flatMap((goal) => goal.parts);
    const other = parts.find((part) => part.leaf === leaf);
    return (
      other === undefined ||
      (String(other.to) === String(to) && String(other.from) === String(from))
    );
  }

  /** Networks that the pieces decide values of as well; none where only other stages share them. */
  async #sharing(deciding: readonly Probed[], part: Part): Promise<Reason | undefined> {
    const names = new Set<string>();
    for (const { atom, changes } of deciding) {
      for (const { network } of changes) {
        const other = network === undefined ? undefined : this.#workspace.before.networks[network];
        if (other !== undefined && !this.#isSame(network)) names.add(other.network.name);
      }
      for (const name of await this.#outside(atomSpans(atom, part))) names.add(name);
    }
    const at = deciding[0]?.atom.node;
    if (names.size === 0 || at === undefined) return undefined;
    return { kind: "shared", networks: [...names], at };
  }

  /** What is left by the options of the calls that declare the mixers, one stage at a time. */
  async #withOptions(
    pieces: readonly Span[],
    reached: readonly Reached[],
    left: readonly Left[],
  ): Promise<Solution | undefined> {
    let spans = pieces;
    const all = [...reached];
    const stages = [...new Set(left.map(({ goal }) => goal.stage))];
    for (const stage of stages) {
      const here = left.filter(({ goal }) => goal.stage === stage);
      const goals = here.map(({ goal }) => goal);
      const found = await this.#firstThatFits(
        spans,
        candidatesFor(this.#task, stage, goals),
        goals,
      );
      if (found === undefined) return undefined;
      spans = found.spans;
      for (const { goal, reason } of here) {
        const needs = this.#needs(found.candidate, reason, goal);
        all.push({ goal, at: found.candidate.at, writtenOut: true, needs });
      }
    }
    const after = await this.#workspace.tried(spans);
    if (after === undefined || !this.#isRight(after)) return undefined;
    return { spans, after, reached: inOrder(all, this.#task.goals) };
  }

  async #firstThatFits(
    spans: readonly Span[],
    candidates: readonly Candidate[],
    goals: readonly Goal[],
  ): Promise<{ spans: readonly Span[]; candidate: Candidate } | undefined> {
    for (const candidate of candidates) {
      const together = [...spans, ...candidate.spans];
      const after = await this.#workspace.tried(together);
      if (after === undefined || !this.#fits(after, goals)) continue;
      if (await this.#staysInside(candidate.spans)) return { spans: together, candidate };
    }
    return undefined;
  }

  /** Whether a change of calls leaves the project's other files as they are. */
  async #staysInside(spans: readonly Span[]): Promise<boolean> {
    const names = await this.#outside(spans);
    for (const name of names) this.#blocking.add(name);
    return names.length === 0;
  }

  /** Whether nothing but what is asked for has changed, and these goals are reached. */
  #fits(after: Snapshot, goals: readonly Goal[]): boolean {
    const changes = changesBetween(this.#workspace.before, after);
    for (const { network } of changes) {
      const other = this.#workspace.before.networks[network ?? -1]?.network.name;
      if (other !== undefined && !this.#isSame(network)) this.#blocking.add(other);
    }
    if (!changes.every(({ network, leaf }) => this.#isSame(network) && this.#allowed.has(leaf))) {
      return false;
    }
    const now = after.networks[this.#task.chosen];
    if (now === undefined) return false;
    const wrong = differingLeaves(now.network, this.#task.wished);
    return goals.every(({ path }) => !wrong.some((leaf) => leaf.startsWith(path)));
  }

  /** Everything is as wished, and nothing else has changed. */
  #isRight(after: Snapshot): boolean {
    const { chosen, wished, goals } = this.#task;
    const now = after.networks[chosen];
    return now !== undefined && this.#fits(after, goals) && isAsWished(now.network, wished, goals);
  }

  /** All mixers in the network's own call. */
  async #writtenOut(left: readonly Left[]): Promise<Solution | undefined> {
    const { goals } = this.#task;
    const of = (stage: number | undefined) => left.find(({ goal }) => goal.stage === stage)?.reason;
    const size = goals.find(({ stage }) => stage === undefined);
    const sizes = size === undefined ? [undefined] : candidatesFor(this.#task, undefined, [size]);
    for (const candidate of candidatesFor(this.#task, "every", goals)) {
      for (const also of sizes) {
        const spans = [...candidate.spans, ...(also?.spans ?? [])];
        const after = await this.#workspace.tried(spans);
        if (after === undefined || !this.#isRight(after)) continue;
        if (!(await this.#staysInside(spans))) continue;
        const frozen = await this.#frozen(candidate);
        const reached = goals.map((goal): Reached => {
          const by = goal.stage === undefined && also !== undefined ? also : candidate;
          const needs = this.#needs(by, of(goal.stage), goal);
          return { goal, at: by.at, writtenOut: true, needs };
        });
        return { spans, after, reached, frozen };
      }
    }
    return undefined;
  }

  /** A computed size of a stage that stays, which writing all mixers out would freeze as it is now. */
  async #frozen({ preset, replaced, at }: Candidate): Promise<Solution["frozen"]> {
    if (preset) return undefined;
    const asked = new Set(this.#task.goals.map(({ stage }) => stage));
    for (const [stage, mixer] of this.#before.mixers.entries()) {
      if (asked.has(stage) || mixer.type === "grid") continue;
      const path = `mixers[${stage}].kernel`;
      const side = toSize(mixer.kernel)[0];
      const leaf = `${path}[0]`;
      const deciding = await this.#probe.of({ leaf, from: side, to: side + 2 });
      const found = deciding.some(({ changes }) =>
        changes.some((each) => each.leaf === leaf && this.#isSame(each.network)),
      );
      if (!found) return { path, expression: replaced ?? at };
    }
    return undefined;
  }

  /** What the user has to allow for a candidate. */
  #needs(candidate: Candidate, reason: Reason | undefined, goal: Goal): Reason | undefined {
    if (candidate.preset && goal.parts.length > 0 && reason?.kind === "computed") return undefined;
    if (reason?.kind === "computed") return { ...reason, expression: candidate.replaced };
    if (reason !== undefined) return reason;
    return candidate.computed ? { kind: "computed", expression: candidate.replaced } : undefined;
  }
}

function inOrder(reached: readonly Reached[], goals: readonly Goal[]): readonly Reached[] {
  return goals.flatMap((goal) => reached.filter((each) => each.goal === goal));
}
