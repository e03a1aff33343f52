import { setFlagsFromString } from "node:v8";

/**
 * Ruff's WebAssembly runs for well under a second, and V8 would optimise its hot functions in the
 * background for several, which the process has to wait for at its end. The baseline compiler's
 * code is ready at once. It must be asked for before the module is compiled: import this first.
 */
setFlagsFromString("--liftoff-only");
