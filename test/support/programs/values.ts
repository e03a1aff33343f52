import type { Draft } from "./draft.js";
import { write } from "./forms/index.js";

/** A value of a program, which several stages and networks may have. */
export interface Value {
  /** Stays the same behind other names. */
  readonly origin: symbol;
  readonly number: number;
  readonly expression: string;
  /** Whether no piece of source is the value itself. */
  readonly computed: boolean;
}

/** A preset's own number, which no file of the program writes. */
export function unwritten(number: number): Value {
  return { origin: Symbol(), number, expression: "", computed: false };
}

export function isUnwritten({ expression }: Value): boolean {
  return expression === "";
}

/** Writes values, some of them behind a constant that is used again. */
export class Values {
  readonly #draft: Draft;
  readonly #shared: Value[] = [];

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  /** One of these numbers, written in some form, or a value that is there and is one of them. */
  of(numbers: readonly [number, ...number[]]): Value {
    const { dice } = this.#draft;
    const fitting = this.#shared.filter(({ number }) => numbers.includes(number));
    if (dice.once(4) && fitting.length > 0) return dice.pick(fitting) as Value;
    const number = dice.pick(numbers);
    const value: Value = { origin: Symbol(), number, ...write(this.#draft, number) };
    return dice.once(3) ? this.shared(value) : value;
  }

  /** The value behind a constant, for others to use. */
  shared(value: Value): Value {
    const name = this.#draft.name("shared");
    this.#draft.declare(`const ${name} = ${value.expression};`);
    const named = { ...value, expression: name };
    this.#shared.push(named);
    return named;
  }
}

/** Whether a list has a value, behind whatever name. */
export function indexOfValue(values: readonly Value[], { origin }: Value): number {
  return values.findIndex((each) => each.origin === origin);
}
