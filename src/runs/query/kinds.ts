/** What a name can stand for. `group` is no value: there are settings below it. */
export type Kind = "number" | "text" | "truth" | "numbers" | "texts" | "group";

/** Values that a name can have. */
export interface Kinds {
  readonly kinds: ReadonlySet<Kind>;
  /** Texts that are possible, where they are few; `null` where any is. */
  readonly choices: readonly string[] | null;
}

export const NUMBER: Kinds = { kinds: new Set(["number"]), choices: null };
export const TEXT: Kinds = { kinds: new Set(["text"]), choices: null };

const IN_WORDS: Readonly<Record<Kind, string>> = {
  number: "a number",
  text: "text",
  truth: "true or false",
  numbers: "a list of numbers",
  texts: "a list of texts",
  group: "a group of settings",
};

export function kindsInWords({ kinds }: Kinds): string {
  return [...kinds].map((kind) => IN_WORDS[kind]).join(" or ");
}
