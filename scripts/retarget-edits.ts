/**
 * `jiti scripts/retarget-edits.ts N SEED [FOLDER]`: N random edits of random programs by `fovea
 * retarget`'s engine, each judged; failures are shrunk, and their files stay in FOLDER.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { tryBatch } from "../test/support/programs/batch.js";
import { anyEdit, type Edit } from "../test/support/programs/requests.js";
import { Tally } from "../test/support/programs/tally.js";

const BATCH = 200;
/** Failures that are shrunk; the others are counted. */
const SHOWN = 5;
/** Longest that one is shrunk for, in milliseconds. */
const PATIENCE = 60_000;

const [count = 200, seed = 1] = process.argv.slice(2, 4).map(Number);
const kept = process.argv[4] ?? mkdtempSync(join(tmpdir(), "fovea-edits-"));
const tally = new Tally();
let failures = 0;

for (let done = 0; done < count; done += BATCH) {
  const seeds = Array.from({ length: Math.min(BATCH, count - done) }, (_, at) => seedAt(done + at));
  const edits = seeds.map(drawn);
  const tried = await inFolder((root) => tryBatch(root, edits));
  for (const [index, each] of tried.entries()) {
    tally.add(edits[index] as Edit, each);
    if (each.mistakes.length === 0) continue;
    failures += 1;
    const own = seeds[index] as number;
    console.log(`edit ${done + index}: ${each.outcome}: ${each.mistakes.join("; ")}`);
    if (failures <= SHOWN) await show(own, edits[index] as Edit, each.mistakes);
  }
  console.log(`${done + edits.length} edits, ${failures} failures`);
}
for (const line of tally.text) console.log(line);
process.exitCode = failures === 0 ? 0 : 1;

function seedAt(index: number): number {
  return (seed * 1_000_003 + index) | 0;
}

/** The edit of a seed, as a property of that seed draws it first. */
function drawn(own: number): Edit {
  const [first] = fc.sample(property(), { seed: own, numRuns: 1 });
  if (first === undefined) throw new TypeError("nothing was drawn");
  return first[0];
}

function property(): fc.IAsyncProperty<[Edit]> {
  return fc.asyncProperty(anyEdit, async (edit) => {
    const [tried] = await inFolder((root) => tryBatch(root, [edit]));
    if (tried !== undefined && tried.mistakes.length > 0)
      throw new Error(tried.mistakes.join("\n"));
  });
}

/** Shrinks a failure and keeps its files. */
async function show(own: number, edit: Edit, mistakes: readonly string[]): Promise<void> {
  const found = await fc.check(property(), {
    seed: own,
    numRuns: 1,
    interruptAfterTimeLimit: PATIENCE,
  });
  const least = found.counterexample?.[0] ?? edit;
  const error = found.errorInstance;
  const said = error instanceof Error ? error.message : mistakes.join("\n");
  const folder = join(kept, `failure-${failures}`);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of least.program.files) writeFileSync(join(folder, name), text);
  const { request, program } = least;
  const words = { said, request, seed: own, forms: program.forms };
  writeFileSync(join(folder, "request.json"), `${JSON.stringify(words, null, 2)}\n`);
  console.log(`  its files are in ${folder}: ${said}`);
}

async function inFolder<T>(use: (root: string) => Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), "fovea-edit-"));
  try {
    return await use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
