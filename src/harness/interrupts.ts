import type { StopSignal } from "../launch/launcher.js";

/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm. */
const SAME_PRESS_MS = 1000;
/** SIGTERM and SIGUSR1 are what schedulers send some time before they end a job. */
const SIGNALS: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1"];

/** Whether, and how urgently, the user wants out. */
export interface Interrupts {
  /** Presses so far; 0 while nobody wants out. */
  readonly presses: number;
  /** What the last one came as. */
  readonly signal: StopSignal;
  /** Called at every press, until {@link dispose}. One listener at a time. */
  listener: ((press: number) => void) | null;
  dispose(): void;
}

/** Takes over the signals that would otherwise end this process at once. */
export function watchInterrupts(): Interrupts {
  let last = Number.NEGATIVE_INFINITY;
  const state: Interrupts & { presses: number; signal: StopSignal } = {
    presses: 0,
    signal: "SIGINT",
    listener: null,
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (now - last < SAME_PRESS_MS) return;
    last = now;
    state.presses += 1;
    state.signal = signal as StopSignal;
    state.listener?.(state.presses);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return state;
}
