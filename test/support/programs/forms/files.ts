import { specifier } from "../draft.js";
import { computed, decoy, type Form, plain } from "./form.js";

/** Numbers that are written in other files. */
export const files: Record<string, Form> = {
  import: (draft, value) => {
    const [file, name] = [draft.file(), draft.name("SIDE")];
    file.declare(`// ${draft.name("remark ")}`, `export const ${name} = ${draft.number(value)};`);
    draft.main.import(`import { ${name} } from ${specifier(file.name)};`);
    return plain(name);
  },
  "import under another name": (draft, value) => {
    const [file, name] = [draft.file(), draft.name("big")];
    file.declare(`const side = ${draft.number(value)};`, "export { side as written };");
    draft.main.import(`import { written as ${name} } from ${specifier(file.name)};`);
    return plain(name);
  },
  "namespace import": (draft, value) => {
    const [file, name] = [draft.file(), draft.name("sizes")];
    file.declare(
      `export const small = ${decoy(draft)};`,
      `export const big = ${draft.number(value)};`,
    );
    draft.main.import(`import * as ${name} from ${specifier(file.name)};`);
    return plain(`${name}.big`);
  },
  "re-export": (draft, value) => {
    const [file, index, name] = [draft.file(), draft.file("ts"), draft.name("SIDE")];
    file.declare(`export const ${name} = ${draft.number(value)};`);
    const all = draft.dice.pick([`{ ${name} }`, "*"]);
    index.declare(`export ${all} from ${specifier(file.name)};`);
    draft.main.import(`import { ${name} } from ${specifier(index.name)};`);
    return plain(name);
  },
  "default-exported arrow function": (draft, value) => {
    const [file, name] = [draft.file(), draft.name("side")];
    file.declare(`export default () => ${draft.number(value)};`);
    draft.main.import(`import ${name} from ${specifier(file.name)};`);
    return plain(`${name}()`);
  },
  "default-exported object": (draft, value) => {
    const [file, name] = [draft.file("ts"), draft.name("sizes")];
    file.declare(`export default { big: ${draft.number(value)}, small: 7 } as const;`);
    draft.main.import(`import ${name} from ${specifier(file.name)};`);
    return plain(`${name}.big`);
  },
  JSON: (draft, value) => {
    const name = draft.name("sizes");
    const file = draft.whole("json", `{\n\t"small": 9,\n\t"big" : [ ${value}, 7 ]\n}\n`);
    draft.main.import(`import ${name} from "./${file}";`);
    return plain(`(${name}.big[0] as number)`);
  },
  "enum in another file": (draft, value) => {
    const [file, name] = [draft.file("ts"), draft.name("Side")];
    file.declare(`export enum ${name} {`, `  Big = ${draft.number(value)},`, "}");
    draft.main.import(`import { ${name} } from ${specifier(file.name)};`);
    return plain(`Number(${name}.Big)`);
  },
  "computed in another file": (draft, value) => {
    const [file, name] = [draft.file("ts"), draft.name("side")];
    file.declare(
      "/** Taps on either side of the middle. */",
      `const half = ${(value - 1) / 2};`,
      `export const ${name} = half + 1 + half;`,
    );
    draft.main.import(`import { ${name} } from ${specifier(file.name)};`);
    return computed(name);
  },
};
