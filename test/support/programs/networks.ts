import { toSize } from "../../../src/ir/grid.js";
import type { Network } from "../../../src/ir/index.js";
import { dense, net, peripheral, stripes } from "../networks.js";
import type { Draft } from "./draft.js";
import { anyMixers, type WrittenMixers } from "./mixers.js";
import type { Declared, Use } from "./program.js";
import { isUnwritten, unwritten, type Value, type Values } from "./values.js";

const SIZES = [64, 96, 128, 224] as const;

/** Networks that a program has declared so far, and what they may be made from. */
export interface Made {
  readonly declared: Declared[];
  frame: { readonly name: string; readonly size: Value } | undefined;
}

type NetworkForm = (draft: Draft, values: Values, made: Made) => Declared;

const FORMS: Record<string, NetworkForm> = {
  "network in full": (draft, values) => {
    const size = values.of(SIZES);
    return declared(draft, values, {
      options: `input: { channels: 1, size: ${size.expression} },\n  ${STEM}`,
      size,
    });
  },
  "frame of several networks": (draft, values, made) => {
    made.frame ??= frameOf(draft, values);
    const { name, size } = made.frame;
    return declared(draft, values, { options: `...${name}`, size });
  },
  "derived network": (draft, values, made) => {
    const base = draft.dice.pick(made.declared.filter(({ network }) => network.widen === 1));
    if (base === undefined) return FORMS["network in full"]?.(draft, values, made) as Declared;
    return derived(draft, values, base);
  },
  preset: (draft, values) => preset(draft, values),
};

/** Declares one more network in some form. */
export function anyNetwork(draft: Draft, values: Values, made: Made): void {
  const [name, form] = draft.dice.pick(Object.entries(FORMS)) ?? [];
  if (name === undefined || form === undefined) throw new TypeError("there are no networks");
  draft.forms.push(name);
  made.declared.push(form(draft, values, made));
}

const STEM = "stem: stem.patchify({ stride: 4 }),\n  head: classifier(10)";

function frameOf(draft: Draft, values: Values): { name: string; size: Value } {
  const [name, size] = [draft.name("frame"), values.of(SIZES)];
  draft.declare(
    `const ${name} = {`,
    `  input: { channels: 1, size: ${size.expression} },`,
    `  ${STEM},`,
    "} as const;",
  );
  return { name, size };
}

interface Frame {
  readonly options: string;
  readonly size: Value;
}

/** A network whose depths, widths and mixers are its own. */
function declared(draft: Draft, values: Values, { options, size }: Frame): Declared {
  const stages = 1 + draft.dice.below(4);
  const mixers = anyMixers(draft, values, stages);
  const depths = Array.from({ length: stages }, (_, stage) => 1 + (stage % 2));
  const widths = Array.from({ length: stages }, (_, stage) => 16 + 8 * stage);
  const network = net({
    name: draft.name("net_"),
    input: { channels: 1, size: size.number },
    depths,
    widths,
    mixers: [...mixers.mixers],
    head: { type: "classifier", classes: 10, norm: "layer" },
  });
  const name = call(draft, `network("${network.name}"`, [
    options,
    `depths: [${depths.join(", ")}]`,
    `widths: [${widths.join(", ")}]`,
    `mixers: ${mixers.expression}`,
  ]);
  return { network, name, uses: usesOf(network, mixers, size) };
}

/** Another network's options with other mixers. */
function derived(draft: Draft, values: Values, base: Declared): Declared {
  const mixers = anyMixers(draft, values, base.network.mixers.length);
  const network: Network = {
    ...base.network,
    name: draft.name("net_"),
    mixers: [...mixers.mixers],
  };
  const name = call(draft, `network("${network.name}"`, [
    `...${base.name}`,
    `mixers: ${mixers.expression}`,
  ]);
  const size = base.uses.find(({ option }) => option === "size");
  if (size === undefined) throw new TypeError(`${base.name} has no size`);
  size.inherited = true;
  const [value = unwritten(224)] = size.values;
  const own = isUnwritten(value) ? unwritten(value.number) : value;
  return { network, name, uses: usesOf(network, mixers, own) };
}

const PELK = [51, 49, 47, 13];
const PRESETS = {
  pelk: { mixers: PELK.map((side) => peripheral(side)), widen: 1.3, sparsity: 0.4 },
  slak: { mixers: PELK.map((side) => stripes(side)), widen: 1.3, sparsity: 0.4 },
  convnext: { mixers: [7, 7, 7, 7].map((side) => dense(side)), widen: 1, sparsity: 0 },
} as const;

/** A published network, as it is or with other mixers or another size. */
function preset(draft: Draft, values: Values): Declared {
  const { dice } = draft;
  const family = dice.pick(["pelk", "slak", "convnext"] as const);
  const own = draft.name("net_");
  const published = PRESETS[family];
  const mixers = dice.once(2) ? anyMixers(draft, values, 4) : undefined;
  const size = dice.once(3) ? values.of(SIZES) : unwritten(224);
  const network = net({
    ...published,
    name: own,
    mixers: [...(mixers ?? published).mixers],
    dropPath: 0.1,
    input: { channels: 3, size: size.number },
  });
  const name = call(draft, `${family}("tiny"`, [
    `name: "${own}"`,
    ...(mixers === undefined ? [] : [`mixers: ${mixers.expression}`]),
    ...(isUnwritten(size) ? [] : [`input: { channels: 3, size: ${size.expression} }`]),
  ]);
  return { network, name, uses: usesOf(network, mixers ?? asPublished(network), size) };
}

/** A preset's own mixers, which no file of the program writes. */
function asPublished({ mixers }: Network): WrittenMixers {
  const uses = mixers.flatMap((mixer, stage): WrittenMixers["uses"] => {
    if (mixer.type === "grid") return [];
    const [side] = toSize(mixer.kernel);
    const own = { stage, inherited: false } as const;
    const kernel = { ...own, option: "kernel", values: [unwritten(side)] } as const;
    if (mixer.type !== "peripheral") return [kernel];
    return [kernel, { ...own, option: "centre", values: [unwritten(mixer.centre)] }];
  });
  return { mixers, expression: "", uses };
}

/** A constant that holds what a call gives. */
function call(draft: Draft, begin: string, options: readonly string[]): string {
  const name = draft.name("net");
  const open = draft.dice.pick(["{", "{ // in short"]);
  const close = draft.dice.pick(["}", "} as const"]);
  draft.declare(`const ${name} = ${begin}, ${open}`, `  ${options.join(",\n  ")},`, `${close});`);
  return name;
}

function usesOf(network: Network, mixers: WrittenMixers | undefined, size: Value): Use[] {
  const uses = (mixers?.uses ?? []).map((use): Use => ({ ...use, network: network.name }));
  const own = { network: network.name, stage: undefined, inherited: false } as const;
  return [...uses, { ...own, option: "size", values: [size] }];
}
