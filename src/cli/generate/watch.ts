import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { watch } from "chokidar";
import { FoveaError, isFoveaError } from "../../ir/error.js";
import { loadTarget } from "../../load/load-target.js";
import { EXIT, type ExitCode } from "../command.js";
import { reportFailure } from "../failure.js";
import { interruption } from "../interruption.js";
import type { Io } from "../io.js";
import { readTunedOption } from "../tuned-option.js";
import { describeChanges } from "./describe.js";
import { generatePackages } from "./packages.js";

/** What a declaration can be made from. */
const SOURCE = /\.(?:[cm]?[jt]s|json)$/;

/** An editor may save in several steps, in milliseconds. */
const SETTLE = 20;

interface WatchOptions {
  readonly out: string;
  readonly force?: boolean;
  readonly tuned?: string;
}

/**
 * Generates now and after every change in the folders of the user's file and of what it imports,
 * until Ctrl-C. A mistake is reported, and the next change is waited for.
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
  const watcher = watch(dirname(file), {
    depth: 0,
    ignoreInitial: true,
    ignored: (path, stats) => stats?.isFile() === true && !SOURCE.test(path),
  });
  const generate = async (): Promise<void> => {
    const begun = performance.now();
    try {
      const { source, networks, origins, files } = await loadTarget(target, {
        cwd,
        note: io.note,
      });
      watcher.add(files.map((each) => dirname(each)));
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
      if (place !== undefined) watcher.add(dirname(place));
      await reportFailure(error, io);
      io.note("waiting for a change, Ctrl-C ends");
    }
  };
  const runner = new Runner(generate);
  watcher.on("all", () => runner.ask());
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
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(task: () => Promise<void>) {
    this.#task = task;
  }

  ask(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#running = this.#running.then(this.#task);
    }, SETTLE);
  }

  /** Waits for a task that runs, and begins none. */
  async idle(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
  }
}
