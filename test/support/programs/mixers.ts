import type { Mixer } from "../../../src/ir/index.js";
import { dense, grid, peripheral, stripes } from "../networks.js";
import type { Draft } from "./draft.js";
import type { Use } from "./program.js";
import type { Value, Values } from "./values.js";

/** A mixer as written. */
interface WrittenMixer {
  readonly mixer: Mixer;
  readonly expression: string;
  readonly uses: readonly Omit<Use, "network" | "stage">[];
}

/** All mixers of a network as written. */
export interface WrittenMixers {
  readonly mixers: readonly Mixer[];
  readonly expression: string;
  readonly uses: readonly Omit<Use, "network">[];
}

const KERNELS = [9, 11, 13, 21, 31, 47, 49, 51, 67, 101] as const;
const CENTRES = [3, 5, 7] as const;
/** Least centre that the usual branch, five wide, merges into. */
const BRANCH = 5;

/** A peripheral mixer with the branch that its centre gives it. */
function usualPeripheral(kernel: number | [number, number], centre: number): Mixer {
  return peripheral(kernel, { centre, branch: centre >= BRANCH ? BRANCH : false });
}

/** A mixer of any kind, in a call of its own. */
function anyMixer(draft: Draft, values: Values): WrittenMixer {
  const { dice } = draft;
  const kind = dice.pick(["peripheral", "dense", "stripes", "peripheral", "grid"] as const);
  if (kind === "grid") return explicitGrid(draft);
  const sides = dice.once(6) ? [values.of(KERNELS), values.of(KERNELS)] : [values.of(KERNELS)];
  const [{ number: height }, { number: width } = { number: height }] = sides as [Value, Value?];
  const kernel: number | [number, number] = sides.length > 1 ? [height, width] : height;
  const written = sides.length > 1 ? `[${listed(sides)}]` : listed(sides);
  const uses = [{ option: "kernel", values: sides, inherited: false } as const];
  if (kind === "dense") {
    return { mixer: dense(kernel), expression: `dense({ kernel: ${written} })`, uses };
  }
  if (kind === "stripes") {
    const expression = `stripes({ width: 3, kernel: ${written} })`;
    return { mixer: stripes(kernel, { width: 3, branch: 3 }), expression, uses };
  }
  const centre = values.of(CENTRES);
  const options = optionsOf(draft, { kernel: written, centre: centre.expression });
  return {
    mixer: usualPeripheral(kernel, centre.number),
    expression: `peripheral(${options})`,
    uses: [...uses, { option: "centre", values: [centre], inherited: false }],
  };
}

function explicitGrid(draft: Draft): WrittenMixer {
  const cells = draft.dice.pick([
    [4, 2, 1, 1, 1, 2, 4],
    [2, 1, 1, 1, 2],
  ]);
  const expression = `grid({ cells: [${cells.join(", ")}] })`;
  return { mixer: grid([...cells], [...cells]), expression, uses: [] };
}

/** Options of a call: in it, over several lines, behind a name, or partly from one. */
function optionsOf(draft: Draft, options: { kernel: string; centre: string }): string {
  const { kernel, centre } = options;
  const forms = ["in a row", "in lines", "shorthand", "spread", "named"] as const;
  switch (draft.dice.pick(forms)) {
    case "in a row":
      return `{ kernel: ${kernel}, centre: ${centre} }`;
    case "in lines":
      return `{\n      centre : ${centre},\n      kernel:${kernel}, // ${draft.name("remark ")}\n    }`;
    case "shorthand": {
      const name = draft.name("at");
      draft.declare(`const ${name} = (() => {`, `  const centre = ${centre};`);
      draft.declare("  return { centre };", "})();");
      return `{ kernel: ${kernel}, ...${name} }`;
    }
    case "spread": {
      const name = draft.name("rest");
      draft.declare(`const ${name} = { centre: ${centre} } as const;`);
      return `{ ...${name}, kernel: ${kernel} }`;
    }
    case "named": {
      const name = draft.name("options");
      draft.declare(`const ${name} = { kernel: ${kernel}, centre: ${centre} } as const;`);
      return name;
    }
  }
}

function listed(values: readonly Value[]): string {
  return values.map(({ expression }) => expression).join(", ");
}

type ListForm = (draft: Draft, values: Values, stages: number) => WrittenMixers;

/** Each stage's mixer by itself. */
const LISTS: Record<string, ListForm> = {
  "list of calls": (draft, values, stages) => {
    const each = drawn(draft, values, stages);
    return together(each, `[\n    ${each.map((one) => one.expression).join(",\n    ")},\n  ]`);
  },
  "named mixers": (draft, values, stages) => {
    const each = drawn(draft, values, stages);
    const names = each.map(({ expression }) => {
      const name = draft.name("mixer");
      draft.declare(`const ${name} = ${expression};`);
      return name;
    });
    return together(each, `[${names.join(", ")}]`);
  },
  "spread list of mixers": (draft, values, stages) => {
    const each = drawn(draft, values, stages);
    const [first, ...others] = each.map(({ expression }) => expression);
    const name = draft.name("first");
    draft.declare(`const ${name} = [${first}] as const;`);
    return together(each, `[...${name}, ${others.join(", ")}]`);
  },
  "mapped list": (_, values, stages) =>
    alike(values, stages, (list, make) => `[${list}].map((kernel) => ${make("kernel")})`),
  "mapped constant": (draft, values, stages) =>
    alike(values, stages, (list, make) => {
      const name = draft.name("KERNELS");
      draft.declare(`const ${name} = [${list}]${draft.dice.pick([" as const", ""])};`);
      return `${name}.map((side) => ${make("side")})`;
    }),
  "Array.from": (_, values, stages) =>
    alike(values, stages, (list, make) => `Array.from([${list}], (kernel) => ${make("kernel")})`),
  "Array.from of a length": (draft, values, stages) =>
    alike(values, stages, (list, make) => {
      const name = draft.name("kernels");
      draft.declare(`const ${name}: readonly number[] = [${list}];`);
      const side = `${name}[index] ?? 7`;
      return `Array.from({ length: ${name}.length }, (_, index) => ${make(side)})`;
    }),
  "helper of a mixer": (draft, values, stages) =>
    alike(values, stages, (_, make, sides) => {
      const name = draft.name("big");
      draft.declare(`const ${name} = (kernel: number) => ${make("kernel")};`);
      return `[${sides.map(({ expression }) => `${name}(${expression})`).join(", ")}]`;
    }),
  "pushed in a loop": (draft, values, stages) =>
    alike(values, stages, (list, make) => {
      const name = draft.name("build");
      draft.declare(
        `function ${name}(...sides: readonly number[]) {`,
        `  const all: Mixer[] = [];`,
        `  for (const side of sides) all.push(${make("side")});`,
        "  return all;",
        "}",
      );
      draft.main.import(`import type { Mixer } from "fovea";`);
      return `${name}(${list})`;
    }),
};

/** Mixers of a network in some form. */
export function anyMixers(draft: Draft, values: Values, stages: number): WrittenMixers {
  const [name, form] = draft.dice.pick(Object.entries(LISTS)) ?? [];
  if (name === undefined || form === undefined) throw new TypeError("there are no lists");
  draft.forms.push(name);
  return form(draft, values, stages);
}

function drawn(draft: Draft, values: Values, stages: number): readonly WrittenMixer[] {
  return Array.from({ length: stages }, () => anyMixer(draft, values));
}

function together(each: readonly WrittenMixer[], expression: string): WrittenMixers {
  return {
    mixers: each.map(({ mixer }) => mixer),
    expression,
    uses: each.flatMap(({ uses }, stage) => uses.map((use) => ({ ...use, stage }))),
  };
}

/** Peripheral mixers of one centre, made by one piece of code from a list of sides. */
function alike(
  values: Values,
  stages: number,
  expression: (list: string, make: (kernel: string) => string, sides: readonly Value[]) => string,
): WrittenMixers {
  const sides = Array.from({ length: stages }, () => values.of(KERNELS));
  const centre = values.shared(values.of(CENTRES));
  const make = (kernel: string) =>
    `peripheral({ kernel: ${kernel}, centre: ${centre.expression} })`;
  return {
    mixers: sides.map(({ number }) => usualPeripheral(number, centre.number)),
    expression: expression(listed(sides), make, sides),
    uses: sides.flatMap((side, stage) => [
      { stage, option: "kernel", values: [side], inherited: false },
      { stage, option: "centre", values: [centre], inherited: false },
    ]),
  };
}
