import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { demo } from "../../src/dsl/zoo/demo.js";
import type { RunStatus } from "../../src/ir/event.js";
import { type EventBody, ended, evaluated, start, step, writeRun } from "./runs.js";
import { temporaryFolder } from "./temporary.js";

const STATUSES: readonly RunStatus[] = ["completed", "completed", "completed", "failed", "lost"];
const FOLDERS = 60;

/**
 * Runs that are over, with a few events each; their ids, by number. All but a few are links: ten
 * thousand folders take a busy disk minutes to remove.
 */
export function writeManyRuns(home: string, count: number): readonly string[] {
  const experiment = demo();
  const store = temporaryFolder();
  const folders = Array.from({ length: Math.min(count, FOLDERS) }, (_, index) => {
    const status = STATUSES[index % STATUSES.length] ?? "completed";
    const events: EventBody[] = [
      start(),
      step(1, 2.3),
      evaluated(4, { top1: 40 + index, loss: 2 - index / 40 }),
      ended(status === "completed" ? "completed" : "failed"),
    ];
    return writeRun(store, { experiment, status, events, counter: index + 1 });
  });
  mkdirSync(join(home, "runs"), { recursive: true });
  return Array.from({ length: count }, (_, index) => {
    const { id, directory } = folders[index % folders.length] ?? { id: "", directory: "" };
    const name = id.replace(/\d+$/, String(index + 1));
    symlinkSync(directory, join(home, "runs", name));
    return name;
  });
}
