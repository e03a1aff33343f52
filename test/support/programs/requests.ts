import * as fc from "fast-check";
import type { StageChange, Wishes } from "../../../src/harness/retarget/request.js";
import type { Size } from "../../../src/ir/grid.js";
import type { Mixer, Network } from "../../../src/ir/index.js";
import { build } from "./build.js";
import { anyDice, Dice } from "./dice.js";
import type { Program, Use } from "./program.js";
import { indexOfValue, isUnwritten } from "./values.js";

/** A change that is asked of a program's network. */
export interface Request {
  /** Name of the network. */
  readonly network: string;
  readonly wishes: Wishes;
  readonly override: boolean;
  readonly split: boolean;
}

/** A program and what is asked of it. */
export interface Edit {
  readonly program: Program;
  readonly request: Request;
}

/** Programs with a request each. */
export const anyEdit: fc.Arbitrary<Edit> = fc.tuple(anyDice, anyDice).map(([program, request]) => {
  const built = build(new Dice(program));
  return { program: built, request: anyRequest(built, new Dice(request)) };
});

const SIDES = [15, 17, 29, 33, 45, 57, 61, 63, 85, 99] as const;
const CENTRES = [7, 5, 3, 9] as const;
const SIZES = [192, 160, 384, 256] as const;

function anyRequest(program: Program, dice: Dice): Request {
  const network = dice.pick(program.networks);
  if (network === undefined) throw new TypeError("a program has no network");
  const one = dice.once(3) ? undefined : dice.below(network.mixers.length);
  const centre = dice.once(4) ? dice.pick(CENTRES) : undefined;
  const stages = network.mixers.map((mixer, stage) =>
    one === undefined || one === stage ? changeOf(mixer, centre, dice) : undefined,
  );
  const nothing = stages.every(
    (change) => change === undefined || Object.keys(change).length === 0,
  );
  const resolution = nothing || dice.once(5) ? resolutionOf(program, dice) : undefined;
  return {
    network: network.name,
    wishes: { stages, ...(resolution && { resolution }) },
    override: dice.once(3),
    split: dice.once(3),
  };
}

function changeOf(mixer: Mixer, centre: number | undefined, dice: Dice): StageChange | undefined {
  if (mixer.type === "grid") return undefined;
  const side = dice.pick(SIDES);
  const kernel: Size = dice.once(8) ? [side, dice.pick(SIDES)] : [side, side];
  if (mixer.type !== "peripheral" || centre === undefined) return { kernel };
  return dice.once(2) ? { centre: fitting(mixer.kernel, centre) } : { kernel, centre };
}

/** A centre that is no wider than the kernel. */
function fitting(kernel: number | readonly [number, number], centre: number): number {
  return Math.min(centre, ...(typeof kernel === "number" ? [kernel] : kernel));
}

function resolutionOf({ square }: Program, dice: Dice): Size {
  const side = dice.pick(SIZES);
  return !square && dice.once(4) ? [side, dice.pick(SIZES)] : [side, side];
}

/** The network as it is asked for; a default branch follows its centre. */
export function asked(network: Network, { stages, resolution }: Wishes): Network {
  const mixers = network.mixers.map((mixer, stage): Mixer => {
    const { kernel, centre } = stages[stage] ?? {};
    if (mixer.type === "grid") return mixer;
    const sized = kernel === undefined ? mixer : { ...mixer, kernel: short(kernel) };
    if (sized.type !== "peripheral" || centre === undefined) return sized;
    return { ...sized, centre, branch: centre >= 5 ? 5 : false };
  });
  const { input } = network;
  const size = resolution === undefined ? input.size : short(resolution);
  return { ...network, mixers, input: { ...input, size } };
}

function short([height, width]: Size): number | [number, number] {
  return height === width ? height : [height, width];
}

/** What may come of a request: that it is done, and codes of refusals. */
export interface Expected {
  readonly done: boolean;
  readonly refusals: readonly string[];
  /** Whether values change where they are written, and no call is written out. */
  readonly inPlace: boolean;
}

/** What has to come of a request, by how the values are written that it changes. */
export function expected({ program, request }: Edit): Expected {
  const changed = changedUses(program, request);
  const refusals = new Set<string>();
  let done = true;
  let inPlace = true;
  for (const use of changed) {
    const plain = isPlain(use, program, request);
    const computed = use.values.some((value) => value.computed);
    const shared = isShared(use, program);
    // A value that is split may take a list with it that is computed.
    if ((computed || !plain || shared) && !request.override) refusals.add("FOV0171");
    if (shared && !request.split) refusals.add("FOV0172");
    if (use.inherited) refusals.add("FOV0172").add("FOV0173");
    if (computed || shared || !plain || use.inherited) inPlace = false;
    if (!plain || use.inherited) continue;
    // A computed value that is written out for one network stays with the others.
    if (computed ? !request.override : shared && !request.split) done = false;
  }
  return { done, refusals: [...refusals], inPlace };
}

/** Uses whose values a request changes. */
function changedUses({ uses }: Program, { network, wishes }: Request): readonly Use[] {
  return uses.filter((use) => {
    if (use.network !== network) return false;
    const to = wishOf(use, wishes);
    return to?.some((side, axis) => side !== numberOf(use, axis)) ?? false;
  });
}

function wishOf(
  { stage, option }: Use,
  { stages, resolution }: Wishes,
): readonly number[] | undefined {
  if (stage === undefined) return resolution;
  const { kernel, centre } = stages[stage] ?? {};
  if (option === "kernel") return kernel;
  return centre === undefined ? undefined : [centre];
}

function numberOf({ values }: Use, axis: number): number | undefined {
  return (values[axis] ?? values[0])?.number;
}

/** Whether a use's values can be changed where they are written: each is one value for one wish. */
function isPlain(use: Use, program: Program, { wishes, network }: Request): boolean {
  const to = wishOf(use, wishes) ?? [];
  if (use.values.some(isUnwritten)) return false;
  if (use.values.length === 1 && to.length === 2 && to[0] !== to[1]) return false;
  return program.uses
    .filter((other) => other.network === network)
    .every((other) =>
      other.values.every((value, axis) => {
        const same = indexOfValue(use.values, value);
        return same < 0 || wishOf(other, wishes)?.[axis] === to[same];
      }),
    );
}

/** Whether another network that is handed out has a value of a use too. */
function isShared({ values, network }: Use, { uses, seen }: Program): boolean {
  return uses.some(
    (other) =>
      other.network !== network &&
      seen.has(other.network) &&
      other.values.some((value) => indexOfValue(values, value) >= 0),
  );
}
