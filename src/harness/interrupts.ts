import type { StopSignal } from "../launch/launcher.js";

/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm. */
const SAME_PRESS_MS = 1000;
/** SIGTERM and SIGUSR1 are what schedulers send some time before they end a job. */
const SIGNALS: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1"];

/** Told of the number of presses so far. */
type PressListener = (press: number) => void;

/** Whether, and how urgently, the user wants out. */
export interface Interrupts {
  /** Presses so far; 0 while nobody wants out. */
  readonly presses: number;
  /** What the last one came as. */
  readonly signal: StopSignal;
  /**
   * Calls a listener at every press, and at once where there was one already.
   *
   * @returns what ends that
   */
  listen(listener: PressListener): () => void;
  dispose(): void;
}

/** Takes over the signals that would otherwise end this process at once. */
export function watchInterrupts(): Interrupts {
  let last = Number.NEGATIVE_INFINITY;
  const listeners = new Set<PressListener>();
  const state: Interrupts & { presses: number; signal: StopSignal } = {
    presses: 0,
    signal: "SIGINT",
    listen: (listener) => {
      // A set holds a function once; two that listen alike are two.
      const own: PressListener = (press) => listener(press);
      listeners.add(own);
      if (state.presses > 0) own(state.presses);
      return () => listeners.delete(own);
    },
    dispose: () => {
      listeners.clear();
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (now - last < SAME_PRESS_MS) return;
    last = now;
    state.presses += 1;
    state.signal = signal as StopSignal;
    for (const listener of [...listeners]) listener(state.presses);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return state;
}
