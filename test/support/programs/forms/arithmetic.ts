import { computed, type Form } from "./form.js";

/** Values that are computed: no number in the source is the value itself. */
export const arithmetic: Record<string, Form> = {
  "a sum": (draft, value) => {
    const name = draft.name("small");
    draft.declare(`const ${name} = ${draft.number(value - 2)};`);
    return computed(`${name} + 2`);
  },
  "a product": (draft, value) => {
    const [half, name] = [draft.name("half"), draft.name("side")];
    draft.declare(`const ${half} = ${(value - 1) / 2};`, `const ${name} = 2 * ${half} + 1;`);
    return computed(name);
  },
  "Math.max": (draft, value) => {
    const name = draft.name("side");
    draft.declare(`const ${name} = Math.round(${value - 1}.6);`);
    return computed(name);
  },
  "a function of two": (draft, value) => {
    const name = draft.name("add");
    draft.declare(`function ${name}(a: number, b: number) {`, "  return a + b;", "}");
    return computed(`${name}(${value - 4}, 4)`);
  },
};
