import { toSize } from "../../ir/grid.js";
import type { Mixer } from "../../ir/mixer.js";
import type { Network } from "../../ir/network.js";
import { resizedMixer, sizeLike } from "../../ir/resizing.js";
import { printCells, printSize } from "../../retarget/print-mixer.js";
import type { Wishes } from "./request.js";
import { differingLeaves, type Leaf } from "./snapshot.js";

/** A declared value that is to become another. */
export interface Goal {
  /** `mixers[1].kernel`, `input.size` */
  readonly path: string;
  /** `undefined` for the input's size. */
  readonly stage: number | undefined;
  /** The option of the call that declares it: `["kernel"]`, `["input", "size"]`, `["cells"]`. */
  readonly option: readonly string[];
  /** As they are written. */
  readonly from: string;
  readonly to: string;
  /** The single values that it is made of. */
  readonly parts: readonly Part[];
  /** Whether it can be changed where those are written; one side that becomes two cannot. */
  readonly piecewise: boolean;
}

/** A single value of a goal: what it is and becomes. */
export interface Part {
  readonly leaf: Leaf;
  readonly from: number | readonly number[];
  readonly to: number | readonly number[];
}

/** A network as it is wished; a default branch follows its centre. */
export function wishedNetwork(network: Network, { stages, resolution }: Wishes): Network {
  const mixers = network.mixers.map((mixer, stage) => wishedMixer(mixer, stages[stage]));
  const { input } = network;
  const size = resolution === undefined ? input.size : sizeLike(resolution);
  return { ...network, mixers, input: { ...input, size } };
}

function wishedMixer(mixer: Mixer, change: Wishes["stages"][number]): Mixer {
  if (change === undefined) return mixer;
  if (change.grid !== undefined) {
    const { partial, embedding, branch } = mixer;
    const { rows, columns } = change.grid;
    return { type: "grid", rows: [...rows], columns: [...columns], partial, embedding, branch };
  }
  // The sides of an explicit grid are the sums of its cells.
  return mixer.type === "grid" ? mixer : resizedMixer(mixer, change);
}

/** What is to change for a network to be as wished; empty where it is so already. */
export function goalsOf(before: Network, wished: Network): readonly Goal[] {
  const goals = before.mixers.flatMap((mixer, stage): Goal[] => {
    const other = wished.mixers[stage];
    return other === undefined ? [] : mixerGoals(mixer, other, stage);
  });
  const [old, now] = [before.input.size, wished.input.size];
  return [...goals, ...sizeGoal("input.size", undefined, ["input", "size"], old, now)];
}

function mixerGoals(mixer: Mixer, other: Mixer, stage: number): Goal[] {
  const path = `mixers[${stage}]`;
  if (other.type === "grid") return gridGoals(mixer, other, stage);
  if (mixer.type === "grid") return [];
  const goals = sizeGoal(`${path}.kernel`, stage, ["kernel"], mixer.kernel, other.kernel);
  if (mixer.type === "peripheral" && other.type === "peripheral" && mixer.centre !== other.centre) {
    const [from, to] = [mixer.centre, other.centre];
    const leaf = `${path}.centre`;
    const words = { from: String(from), to: String(to) };
    goals.push({
      path: leaf,
      stage,
      option: ["centre"],
      ...words,
      parts: [{ leaf, from, to }],
      piecewise: true,
    });
  }
  return goals;
}

function sizeGoal(
  path: string,
  stage: number | undefined,
  option: readonly string[],
  from: number | [number, number],
  to: number | [number, number],
): Goal[] {
  const [old, now] = [toSize(from), toSize(to)];
  if (old[0] === now[0] && old[1] === now[1]) return [];
  const parts = ([0, 1] as const).flatMap((axis): Part[] =>
    old[axis] === now[axis] ? [] : [{ leaf: `${path}[${axis}]`, from: old[axis], to: now[axis] }],
  );
  const piecewise = typeof from !== "number" || now[0] === now[1];
  return [{ path, stage, option, from: printSize(from), to: printSize(to), parts, piecewise }];
}

function gridGoals(mixer: Mixer, other: Mixer & { type: "grid" }, stage: number): Goal[] {
  const path = `mixers[${stage}]`;
  const to = gridText(other);
  if (mixer.type !== "grid") {
    return [
      { path, stage, option: [], from: mixer.type, to: `grid ${to}`, parts: [], piecewise: false },
    ];
  }
  const parts = (["rows", "columns"] as const).flatMap((axis): Part[] =>
    String(mixer[axis]) === String(other[axis])
      ? []
      : [{ leaf: `${path}.${axis}`, from: mixer[axis], to: other[axis] }],
  );
  return parts.length === 0
    ? []
    : [{ path, stage, option: ["cells"], from: gridText(mixer), to, parts, piecewise: true }];
}

function gridText({ rows, columns }: Mixer & { type: "grid" }): string {
  const [high, wide] = [printCells(rows), printCells(columns)];
  return high === wide ? high : `${high} × ${wide}`;
}

/**
 * Leaves that may change with the goals: those themselves, and the branch of a stage whose centre
 * changes, because the usual branch follows it.
 */
export function allowedLeaves(
  goals: readonly Goal[],
  before: Network,
  wished: Network,
): ReadonlySet<Leaf> {
  const allowed = new Set(differingLeaves(before, wished));
  for (const { stage, path } of goals) {
    if (path.endsWith(".centre")) allowed.add(`mixers[${stage}].branch`);
  }
  return allowed;
}

/** Whether a network is as wished; a branch may have followed its centre. */
export function isAsWished(network: Network, wished: Network, goals: readonly Goal[]): boolean {
  const followers = new Set(
    goals.flatMap(({ path, stage }) =>
      path.endsWith(".centre") ? [`mixers[${stage}].branch`] : [],
    ),
  );
  return differingLeaves(network, wished).every((leaf) => followers.has(leaf));
}
