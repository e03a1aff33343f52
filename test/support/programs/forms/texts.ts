import { computed, decoy, type Form, plain } from "./form.js";

/** Numbers that are read out of texts. */
export const texts: Record<string, Form> = {
  "template literal": (draft, value) => {
    const name = draft.name("side");
    draft.declare(`const ${name} = Number(\`${value}\`);`);
    return plain(name);
  },
  "template of a constant": (draft, value) => {
    const [digits, name] = [draft.name("digits"), draft.name("side")];
    draft.declare(
      `const ${digits} = ${draft.number(value)};`,
      `const ${name} = Number(\`\${${digits}}\`);`,
    );
    return plain(name);
  },
  parseInt: (draft, value) => {
    const name = draft.name("side");
    draft.declare(`const ${name} = Number.parseInt("${value}px", 10);`);
    return plain(name);
  },
  split: (draft, value) => {
    const name = draft.name("side");
    draft.declare(
      `const [, ${name}] = "${decoy(draft)},${value}".split(",").map(Number) as [number, number];`,
    );
    return plain(name);
  },
  length: (draft, value) => {
    const name = draft.name("side");
    draft.declare(`const ${name} = "${"x".repeat(value)}".length;`);
    return computed(name);
  },
};
