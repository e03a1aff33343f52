/** A call of the DSL that declared something, as it was seen while a file was loaded. */
export interface DeclaringCall {
  /** The function's name as users write it: `network`, `pelk`, `peripheral`, … */
  readonly what: string;
  /** What the call returned. */
  readonly declared: object;
  /** Its stack has the place of the call. */
  readonly stack: Error;
  /** Of a network: the calls that made its mixers, one for each stage, as far as they are known. */
  readonly mixers: readonly (DeclaringCall | undefined)[];
}

let calls: DeclaringCall[] | undefined;
let madeBy = new WeakMap<object, DeclaringCall>();

/**
 * Notes every declaring call from now on; what an earlier recording noted is forgotten.
 *
 * @returns ends the recording and gives the calls in their order
 */
export function recordCalls(): () => readonly DeclaringCall[] {
  const noted: DeclaringCall[] = [];
  calls = noted;
  madeBy = new WeakMap();
  return () => {
    if (calls === noted) calls = undefined;
    return noted;
  };
}

/** Notes a call where calls are recorded, and hands on what it declared. */
export function noteCall<T extends object>(what: string, declared: T): T {
  note(what, declared, []);
  return declared;
}

/**
 * {@link noteCall} for a network: its mixers are copies of those that were given to it, and come
 * from the same calls.
 *
 * @param given - the option `mixers` of the call
 */
export function noteNetwork<T extends { readonly mixers: readonly object[] }>(
  what: string,
  network: T,
  given: unknown,
): T {
  if (calls === undefined) return network;
  const list: readonly unknown[] = Array.isArray(given) ? given : [];
  const mixers = network.mixers.map((copy, stage) => {
    const mixer = list[stage];
    const call = typeof mixer === "object" && mixer !== null ? madeBy.get(mixer) : undefined;
    if (call !== undefined) madeBy.set(copy, call);
    return call;
  });
  note(what, network, mixers);
  return network;
}

function note(what: string, declared: object, mixers: DeclaringCall["mixers"]): void {
  if (calls === undefined) return;
  const call = { what, declared, stack: new Error(what), mixers };
  calls.push(call);
  madeBy.set(declared, call);
}
