import type { Command } from "commander";
import type { Io } from "./io.js";

/** Exit codes of every command (design, section 5). */
export const EXIT = { done: 0, failed: 1, mistake: 2, cancelled: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command does; `args` are commander's: positional arguments, options, the command. */
type Action<A extends unknown[]> = (io: Io, ...args: A) => Promise<ExitCode>;

/** Wraps an action: makes its {@link Io}, reports what it throws, sets the exit code. */
export type ActionMaker = <A extends unknown[]>(action: Action<A>) => (...args: A) => Promise<void>;

/** A command's module: `register` adds it to the program and imports nothing heavy before it runs. */
export interface CommandModule {
  register(program: Command, action: ActionMaker): void;
}
