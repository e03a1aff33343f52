import type * as fc from "fast-check";
import { anyDice, Dice } from "./dice.js";
import { Draft, foveaImport } from "./draft.js";
import { anyNetwork, type Made } from "./networks.js";
import type { Declared, Program } from "./program.js";
import { Values } from "./values.js";

/** Programs of one to three networks, in every form that users write them in. */
export const anyProgram: fc.Arbitrary<Program> = anyDice.map((rolls) => build(new Dice(rolls)));

export function build(dice: Dice): Program {
  const draft = new Draft(dice, dice.pick(["main.ts", "main.ts", "main.mts"]));
  const values = new Values(draft);
  const made: Made = { declared: [], frame: undefined };
  const count = 1 + dice.below(3);
  for (let index = 0; index < count; index += 1) anyNetwork(draft, values, made);
  const handed = handOut(draft, made.declared);
  if (dice.once(4)) decorate(draft);
  const { text } = draft.main;
  const ending = dice.once(6) ? "\r\n" : "\n";
  const mark = dice.once(8) ? "\ufeff" : "";
  const dressed = (each: string) => `${mark}${each.replaceAll("\n", ending)}`;
  return {
    files: new Map([
      [draft.main.name, dressed(`${foveaImport(text)}\n${text}`)],
      ...[...draft.others].map(([name, each]) => [name, dressedFile(name, each, dressed)] as const),
    ]),
    entry: draft.main.name,
    uses: made.declared.flatMap(({ uses }) => uses),
    forms: draft.forms,
    ...handed,
  };
}

function dressedFile(name: string, text: string, dressed: (text: string) => string): string {
  return name.endsWith(".json") ? dressed(text).replace("\ufeff", "") : dressed(text);
}

type Handed = Pick<Program, "networks" | "seen" | "square">;

/** The default export, and exports by name beside it. */
function handOut(draft: Draft, declared: readonly Declared[]): Handed {
  const { dice } = draft;
  const last = declared.at(-1) as Declared;
  const by = (list: readonly Declared[], square = false): Handed => ({
    networks: list.map(({ network }) => network),
    seen: new Set(list.map(({ network }) => network.name)),
    square,
  });
  const trainable = last.network.input.channels === 1;
  const form = dice.pick(["all", "one", "experiment", "sweep", "one and names"] as const);
  draft.forms.push(`export of ${form}`);
  if ((form === "experiment" || form === "sweep") && trainable) {
    draft.declare(`const trial = experiment({`, `  name: "trial", network: ${last.name},`);
    draft.declare(`  data: digits({ train: 100, test: 51 }), seed: 51, // drawn once`, "});");
    draft.declare(
      form === "experiment"
        ? "export default trial;"
        : `export default sweep({ base: trial, over: { "recipe.lr": [1e-3, 2e-3] }, seeds: [5, 7] });`,
    );
    return by([last], true);
  }
  if (form === "one") {
    draft.declare(`export default ${last.name};`);
    return by([last]);
  }
  if (form === "one and names") {
    const names = declared.map(({ name }) => name).join(", ");
    draft.declare(`export { ${names} };`, `export { ${last.name} as default };`);
    return { ...by(declared), networks: [last.network] };
  }
  draft.declare(`export default [${declared.map(({ name }) => name).join(", ")}];`);
  return by(declared);
}

/** Things that an edit has to leave alone. */
function decorate(draft: Draft): void {
  draft.declare(
    `// ${draft.name("remark ")}: 51, 49, 47 and 13 were PeLK's`,
    `export const notes = { kernels: [51, 49, 47, 13], centre: 5, words: "51x51" };`,
    "",
    "",
    "/* the end */",
  );
}
