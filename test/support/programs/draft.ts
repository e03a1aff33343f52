import type { Dice } from "./dice.js";

/** A value as a program writes it. */
export interface Written {
  readonly expression: string;
  /** Whether no piece of source is the value itself. */
  readonly computed: boolean;
}

/** A file of a program in the making. */
export class DraftFile {
  readonly name: string;
  readonly #imports = new Set<string>();
  readonly #statements: string[] = [];

  constructor(name: string) {
    this.name = name;
  }

  import(line: string): void {
    this.#imports.add(line);
  }

  declare(...statements: readonly string[]): void {
    this.#statements.push(...statements);
  }

  get text(): string {
    return `${[...this.#imports, ...this.#statements].join("\n")}\n`;
  }
}

const ENDINGS = ["ts", "ts", "mts", "js", "mjs"] as const;

/** A program in the making. */
export class Draft {
  readonly dice: Dice;
  readonly main: DraftFile;
  /** Names of the forms that were used, for counts. */
  readonly forms: string[] = [];
  readonly #others = new Map<string, DraftFile>();
  readonly #whole = new Map<string, string>();
  #names = 0;

  constructor(dice: Dice, entry: string) {
    this.dice = dice;
    this.main = new DraftFile(entry);
  }

  /** An identifier that nothing else has. */
  name(stem: string): string {
    this.#names += 1;
    return `${stem}${this.#names}`;
  }

  /** A number as users write it, now and then with a remark. */
  number(value: number): string {
    const plain = this.dice.once(12) ? `0x${value.toString(16)}` : String(value);
    if (this.dice.once(5)) return `/* ${this.name("remark ")} */ ${plain}`;
    if (this.dice.once(9)) return `${plain} /* ${this.name("remark ")} */`;
    if (this.dice.once(12)) return `\n    // ${this.name("remark ")}\n    ${plain}`;
    return this.dice.once(15) ? `(${plain})` : plain;
  }

  declare(...statements: readonly string[]): void {
    this.main.declare(...statements);
  }

  /** A file beside the entry, of this ending or of any that can import. */
  file(ending: string = this.dice.pick(ENDINGS)): DraftFile {
    const file = new DraftFile(`${this.name("part")}.${ending}`);
    this.#others.set(file.name, file);
    return file;
  }

  /** A file that is no module of statements, such as JSON. */
  whole(ending: string, text: string): string {
    const name = `${this.name("data")}.${ending}`;
    this.#whole.set(name, text);
    return name;
  }

  /** Texts of all files but the entry. */
  get others(): ReadonlyMap<string, string> {
    const drafted = [...this.#others].map(([name, file]) => [name, file.text] as const);
    return new Map([...drafted, ...this.#whole]);
  }
}

/** How `import` names a file: TypeScript's by the name that it compiles to. */
export function specifier(name: string): string {
  return `"./${name.replace(/\.(m?)ts$/, ".$1js")}"`;
}

/** The names of fovea's that a text uses, as an import. */
export function foveaImport(text: string): string {
  const names = NAMES.filter((name) => new RegExp(`(?<![.\\w])${name}[(.]`).test(text));
  return names.length === 0 ? "" : `import { ${names.join(", ")} } from "fovea";`;
}

const NAMES = [
  "classifier",
  "convnext",
  "dense",
  "digits",
  "experiment",
  "grid",
  "network",
  "pelk",
  "peripheral",
  "slak",
  "stem",
  "stripes",
  "sweep",
] as const;
