import { type Form, plain } from "./form.js";

/** Numbers that functions hand on. */
export const functions: Record<string, Form> = {
  "arrow function": (draft, value) => {
    const name = draft.name("side");
    draft.declare(`const ${name} = () => ${draft.number(value)};`);
    return plain(`${name}()`);
  },
  "default parameter": (draft, value) => {
    const name = draft.name("side");
    draft.declare(`const ${name} = (big = ${value}): number => big;`);
    return plain(`${name}()`);
  },
  argument: (draft, value) => {
    const name = draft.name("same");
    draft.declare(`function ${name}<T extends number>(side: T): T {`, "  return side;", "}");
    return plain(`${name}(${value})`);
  },
  "option of a helper": (draft, value) => {
    const name = draft.name("sideOf");
    draft.declare(`const ${name} = ({ side = 9 }: { side?: number | undefined }) => side;`);
    return plain(`${name}({ side: ${draft.number(value)} })`);
  },
  "returned object": (draft, value) => {
    const name = draft.name("sizes");
    draft.declare(
      `function ${name}() {`,
      `  const big = ${draft.number(value)};`,
      "  return { big, small: 7 } as const;",
      "}",
    );
    return plain(`${name}().big`);
  },
  "immediately called": (draft, value) => plain(`(() => ${draft.number(value)})()`),
  switch: (draft, value) => {
    const name = draft.name("sideFor");
    draft.declare(
      `function ${name}(size: "big" | "small"): number {`,
      "  switch (size) {",
      `    case "big":`,
      `      return (${draft.number(value)});`,
      "    default:",
      "      return 7;",
      "  }",
      "}",
    );
    return plain(`${name}("big")`);
  },
};
