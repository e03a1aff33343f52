import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { watch } from "chokidar";
import { INDEX } from "../../emit/inspect-index.js";
import { FoveaError, isFoveaError } from "../../ir/error.js";
import { loadTarget } from "../../load/load-target.js";
import { EXIT, type ExitCode } from "../command.js";
import { reportFailure } from "../failure.js";
import { interruption } from "../interruption.js";
import type { Io } from "../io.js";
import { readTunedOption } from "../tuned-option.js";
import { describeChanges } from "./describe.js";
import { generatePackages } from "./packages.js";
import { SavedFiles } from "./saved-files.js";

/** What a declaration can be made from. */
const SOURCE = /\.(?:[cm]?[jt]s|json)$/;

/** An editor may save in several steps, in milliseconds. */
const SETTLE = 20;

/** When saves are looked for that the watcher does not tell, in milliseconds after a generation. */
const LATER = [60, 200, 1000] as const;

interface WatchOptions {
  readonly out: string;
  readonly force?: boolean;
  readonly tuned?: string;
}

/**
 * Generates now and after every change in the folders of the user's file, of what it imports and of
 * the tuned table, until Ctrl-C. A mistake is reported, and the next change is waited for; the
 * packages stay as they were.
 *
 * @throws FoveaError FOV0030 where there is no such file to watch
 */
export async function watchAndGenerate(
  io: Io,
  target: string,
  { out, force = false, tuned }: WatchOptions,
): Promise<ExitCode> {
  const cwd = process.cwd();
  const file = resolve(cwd, target);
  if (!existsSync(file)) {
    throw new FoveaError({
      code: "FOV0030",
      message: `there is no file ${target} to watch`,
      value: target,
      fix: "--watch takes a file of yours; what is shipped does not change",
    });
  }
  const index = join(resolve(cwd, out), INDEX);
  const watcher = watch(dirname(file), {
    depth: 0,
    ignoreInitial: true,
    ignored: (path, stats) =>
      (stats?.isFile() === true && !SOURCE.test(path)) || (path === index && path !== file),
  });
  if (tuned !== undefined) watcher.add(dirname(resolve(cwd, tuned)));
  const saved = new SavedFiles(file);
  const generate = async (): Promise<void> => {
    const begun = performance.now();
    saved.look();
    try {
      const { source, networks, origins, files } = await loadTarget(target, {
        cwd,
        note: io.note,
      });
      watcher.add(files.map((each) => dirname(each)));
      saved.add(files);
      const standing = generatePackages({
        source,
        networks,
        origins,
        out,
        tuned: readTunedOption(tuned),
        check: false,
        force,
        note: io.note,
      });
      io.note(describeChanges(standing, out));
      io.note(`${seconds(begun)} s; waiting for a change, Ctrl-C ends`);
    } catch (error) {
      const place = isFoveaError(error) ? error.details.location?.file : undefined;
      if (place !== undefined) {
        watcher.add(dirname(place));
        saved.add([place]);
      }
      await reportFailure(error, io);
      io.note("waiting for a change, Ctrl-C ends");
    }
  };
  const runner = new Runner(generate, () => saved.differ());
  // Folders come and go beside the packages that are written.
  watcher.on("all", (event) => {
    if (!event.endsWith("Dir")) runner.ask();
  });
  watcher.on("error", (error) => io.note(`cannot watch: ${String(error)}`));
  const interrupted = interruption();
  runner.ask();
  await interrupted;
  await watcher.close();
  await runner.idle();
  return EXIT.cancelled;
}

const seconds = (begun: number): string => ((performance.now() - begun) / 1000).toFixed(2);

/** Runs a task a moment after it is asked for, one at a time, and once more where asked meanwhile. */
class Runner {
  readonly #task: () => Promise<void>;
  readonly #isStale: () => boolean;
  #timer: NodeJS.Timeout | undefined;
  #checks: readonly NodeJS.Timeout[] = [];
  #running: Promise<void> = Promise.resolve();

  /** @param isStale - asked some moments after each run; where it is so, the task runs again */
  constructor(task: () => Promise<void>, isStale: () => boolean) {
    this.#task = task;
    this.#isStale = isStale;
  }

  ask(): void {
    this.#rest();
    this.#timer = setTimeout(() => {
      this.#running = this.#running.then(this.#task).then(() => this.#check());
    }, SETTLE);
  }

  /** Waits for a task that runs, and begins none. */
  async idle(): Promise<void> {
    this.#rest();
    await this.#running;
    this.#rest();
  }

  #check(): void {
    for (const check of this.#checks) clearTimeout(check);
    this.#checks = LATER.map((wait) =>
      setTimeout(() => {
        if (this.#isStale()) this.ask();
      }, wait),
    );
  }

  #rest(): void {
    clearTimeout(this.#timer);
    for (const check of this.#checks) clearTimeout(check);
  }
}
