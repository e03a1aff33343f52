import { decoy, type Form, plain } from "./form.js";

/** Members of objects, lists, enums, classes and maps. */
export const containers: Record<string, Form> = {
  "as const list": (draft, value) => {
    const name = draft.name("sides");
    draft.declare(`const ${name} = [${draft.number(value)}, ${decoy(draft)}] as const;`);
    return plain(`${name}[0]`);
  },
  "as const object": (draft, value) => {
    const name = draft.name("sizes");
    draft.declare(
      `const ${name} = {`,
      `  small: ${decoy(draft)}, // ${draft.name("remark ")}`,
      `  big: ${draft.number(value)},`,
      "} as const;",
    );
    return plain(`${name}.big`);
  },
  satisfies: (draft, value) => {
    const name = draft.name("sizes");
    draft.declare(
      `const ${name} = { big: ${draft.number(value)} } satisfies Record<string, number>;`,
    );
    return plain(`${name}.big`);
  },
  "typed tuple": (draft, value) => {
    const [name, other] = [draft.name("tuple"), decoy(draft)];
    draft.declare(`const ${name}: readonly [${value}, ${other}] = [${value}, ${other}];`);
    return plain(`${name}[0]`);
  },
  enum: (draft, value) => {
    const name = draft.name("Side");
    const kind = draft.dice.pick(["enum", "const enum"]);
    draft.declare(`${kind} ${name} { Small = ${decoy(draft)}, Big = ${draft.number(value)} }`);
    // Beside a number in a list, the compiler would take the enum's other members along.
    return plain(`(${name}.Big as number)`);
  },
  "class field": (draft, value) => {
    const name = draft.name("Sides");
    const words = draft.dice.pick(["static readonly", "static"]);
    draft.declare(`class ${name} {`, `  ${words} big = ${draft.number(value)};`, "}");
    return plain(`${name}.big`);
  },
  "destructured object": (draft, value) => {
    const name = draft.name("big");
    draft.declare(
      `const { big: ${name}, small: of${name} } = { big: ${draft.number(value)}, small: ${decoy(draft)} };`,
      `export const beside${name} = of${name};`,
    );
    return plain(name);
  },
  "destructured list": (draft, value) => {
    const name = draft.name("second");
    draft.declare(`const [, ${name}] = [${decoy(draft)}, ${draft.number(value)}] as const;`);
    return plain(name);
  },
  "destructured default": (draft, value) => {
    const name = draft.name("big");
    draft.declare(`const { big: ${name} = ${draft.number(value)} }: { big?: number } = {};`);
    return plain(name);
  },
  "rest of an object": (draft, value) => {
    const [rest, small] = [draft.name("others"), draft.name("small")];
    draft.declare(
      `const { small: ${small}, ...${rest} } = { small: ${decoy(draft)}, big: ${draft.number(value)} };`,
      `export const kept${small} = ${small};`,
    );
    return plain(`${rest}.big`);
  },
  "rest of a list": (draft, value) => {
    const rest = draft.name("others");
    draft.declare(
      `const [, ...${rest}] = [${decoy(draft)}, ${draft.number(value)}] as [number, number];`,
    );
    return plain(`${rest}[0]`);
  },
  "spread object": (draft, value) => {
    const [base, all] = [draft.name("base"), draft.name("all")];
    draft.declare(
      `const ${base} = { small: ${decoy(draft)}, big: ${draft.number(value)} };`,
      `const ${all} = { ...${base}, small: 9 };`,
    );
    return plain(`${all}.big`);
  },
  "spread list": (draft, value) => {
    const [base, all] = [draft.name("base"), draft.name("all")];
    draft.declare(
      `const ${base} = [${draft.number(value)}, ${decoy(draft)}] as const;`,
      `const ${all} = [7, ...${base}] as const;`,
    );
    return plain(`${all}[1]`);
  },
  "key in brackets": (draft, value) => {
    const name = draft.name("sizes");
    draft.declare(
      `const ${name} = { "very big": ${draft.number(value)}, ['small']: ${decoy(draft)} };`,
    );
    return plain(`${name}["very big"]`);
  },
  getter: (draft, value) => {
    const name = draft.name("sizes");
    draft.declare(`const ${name} = { get big() { return (${draft.number(value)}); } };`);
    return plain(`${name}.big`);
  },
};
