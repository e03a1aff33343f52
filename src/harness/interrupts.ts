/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm. */
const SAME_PRESS_MS = 1000;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Whether, and how urgently, the user wants out. */
export interface Interrupts {
  /** Presses so far; 0 while nobody wants out. */
  readonly presses: number;
  /** Called at every press, until {@link dispose}. One listener at a time. */
  listener: ((press: number) => void) | null;
  dispose(): void;
}

/** Takes over SIGINT, SIGTERM and SIGHUP, which would otherwise end this process at once. */
export function watchInterrupts(): Interrupts {
  let last = Number.NEGATIVE_INFINITY;
  const state: Interrupts & { presses: number } = {
    presses: 0,
    listener: null,
    dispose: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
  const onSignal = (): void => {
    const now = performance.now();
    if (now - last < SAME_PRESS_MS) return;
    last = now;
    state.presses += 1;
    state.listener?.(state.presses);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return state;
}
