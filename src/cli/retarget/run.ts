import { compareSizes } from "../../harness/retarget/compare-sizes.js";
import { planRetarget } from "../../harness/retarget/plan-retarget.js";
import type { RetargetPlan } from "../../harness/retarget/request.js";
import { FoveaError } from "../../ir/error.js";
import type { RetargetDocument } from "../../ir/retarget.js";
import { EXIT, type ExitCode } from "../command.js";
import type { Io } from "../io.js";
import { readPredictFor } from "../predict-for.js";
import { readAsked } from "./asked.js";
import { diffOf, printChange } from "./describe.js";
import type { RetargetOptions } from "./options.js";

/** Shows what other sizes do to a file and to its network; with `--write` does it. */
export async function retarget(io: Io, file: string, options: RetargetOptions): Promise<ExitCode> {
  refuseTogether(options);
  if (options.undo === true) {
    const { undo } = await import("./undo.js");
    return await undo(io, file, options);
  }
  const predictFor = readPredictFor(options);
  const plan = await planRetarget({
    target: file,
    cwd: process.cwd(),
    network: options.network,
    ask: readAsked(options),
    override: options.override === true,
    split: options.split === true,
    note: io.note,
  });
  if (options.write === true) requireFile(plan, file);
  const comparison = compareSizes(plan.before, plan.after, predictFor);
  const document: RetargetDocument = {
    file: plan.file,
    network: plan.after.name,
    edits: plan.edits.map((edit) => ({ file: edit.file, diff: diffOf(edit) })),
    changes: plan.changes.map((each) => ({ ...each, location: { ...each.location } })),
    comparison,
    written: false,
    package: null,
    certificates: null,
    bench: null,
  };
  if (!io.json) await printChange(io, plan, comparison);
  if (options.write !== true || plan.edits.length === 0) {
    if (io.json) await io.result(document);
    if (options.write !== true && plan.edits.length > 0)
      io.note("nothing is written; --write does it");
    return EXIT.done;
  }
  const { write } = await import("./write.js");
  const written = await write(io, file, plan, options);
  if (written === null) {
    if (io.json) await io.result(document);
    return EXIT.cancelled;
  }
  if (io.json) await io.result({ ...document, ...written });
  return EXIT.done;
}

function refuseTogether(options: RetargetOptions): void {
  const { write, undo, bench, out } = options;
  const asks =
    options.kernels ?? options.stage[0] ?? options.grid[0] ?? options.centre ?? options.resolution;
  const clash = (path: string, message: string, fix: string): FoveaError =>
    new FoveaError({ code: "FOV0040", message, path, fix });
  if (undo === true && write === true) {
    throw clash(
      "--undo",
      "--undo and --write: one takes back what the other does",
      "leave out one",
    );
  }
  if (undo === true && asks !== undefined) {
    throw clash(
      "--undo",
      "--undo takes back the last write, and asks for no sizes",
      "leave out the sizes",
    );
  }
  if (bench === true && write !== true) {
    throw clash("--bench", "--bench times what was written", "add --write");
  }
  if (out === "") throw clash("--out", '--out "" names no folder', "write --out DIR");
}

/** What is shipped has no file that could change. */
function requireFile({ file, before }: RetargetPlan, target: string): void {
  if (file !== null) return;
  throw new FoveaError({
    code: "FOV0040",
    message: `${target} is shipped with fovea, and there is no file of yours to change`,
    path: "--write",
    value: target,
    allowed: "a file of your own",
    fix: `write a file with ${declaration(before.name)} and retarget that`,
  });
}

/** How a shipped network is declared in a file. */
function declaration(name: string): string {
  const [, family = name, size = ""] = /^(.*)_([^_]+)$/.exec(name) ?? [];
  return `import { ${family} } from "fovea"; export default ${family}("${size}");`;
}
