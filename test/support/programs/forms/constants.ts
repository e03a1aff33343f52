import { type Form, plain } from "./form.js";

/** Constants with and without types that name their values. */
export const constants: Record<string, Form> = {
  literal: (draft, value) => plain(draft.number(value)),
  constant: (draft, value) => {
    const name = draft.name("SIDE");
    draft.declare(`const ${name} = ${draft.number(value)};`);
    return plain(name);
  },
  "constant behind a constant": (draft, value) => {
    const [first, second] = [draft.name("first"), draft.name("second")];
    draft.declare(`const ${first}=${draft.number(value)}`, `const ${second} = ${first};`);
    return plain(second);
  },
  "typed constant": (draft, value) => {
    const name = draft.name("typed");
    draft.declare(`const ${name}: ${value} = ${value};`);
    return plain(name);
  },
  "union of values": (draft, value) => {
    const name = draft.name("either");
    draft.declare(`const ${name}: 3 | ${value} | 7 = ${draft.number(value)};`);
    return plain(name);
  },
  "named type": (draft, value) => {
    const [type, name] = [draft.name("Side"), draft.name("named")];
    draft.declare(`type ${type} = ${value} | 127;`, `const ${name}: ${type} = ${value};`);
    return plain(name);
  },
  let: (draft, value) => {
    const name = draft.name("later");
    draft.declare(`let ${name} = 3;`, `${name} = ${draft.number(value)};`);
    return plain(name);
  },
  conditional: (draft, value) => {
    const [large, name] = [draft.name("large"), draft.name("chosen")];
    draft.declare(
      `const ${large}: boolean = true;`,
      `const ${name} = ${large} ? ${draft.number(value)} : 3;`,
    );
    return plain(name);
  },
  "nullish default": (draft, value) => {
    const [given, name] = [draft.name("given"), draft.name("side")];
    draft.declare(
      `const ${given}: { side?: number } = {};`,
      `const ${name} = ${given}.side ?? ${draft.number(value)};`,
    );
    return plain(name);
  },
  "as a type": (draft, value) => {
    const name = draft.name("cast");
    draft.declare(`const ${name} = ${draft.number(value)} as number;`);
    return plain(name);
  },
};
