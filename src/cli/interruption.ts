/** Waits for Ctrl-C, or for what a shell or a scheduler sends in its place. */
export function interruption(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.once(signal, () => done());
  });
}
