import type { SubjectRequest } from "../../harness/subject.js";
import { FoveaError } from "../../ir/error.js";
import { homeDirectory } from "../../launch/home.js";
import { findRunDirectory } from "../../runs/find-run.js";
import { type Named, withNamed } from "../subject/named.js";
import { runCheckpoint, runNetwork } from "../subject/run.js";
import { sourceFile } from "../weights/paths.js";
import { optionMistake } from "../whole.js";

/** Which weights `--weights` gives to which TARGET. */
type Weights = ReadonlyMap<string, string>;

const RUN_ID = /^[a-z][a-z0-9_-]*-[0-9a-f]{8}-\d+$/;

/**
 * Hands `use` the networks that TARGETs name, in their order: runs with their weights, and shipped
 * networks, declarations, packages and models of timm with those of `--weights`, or with none.
 *
 * @param weights - `FILE`, where there is one target that is no run, or `TARGET=FILE`; a run stands
 *   for its last checkpoint
 * @throws FoveaError FOV0070 for an unknown run, FOV0005 for two models of one name, FOV0040 where `--weights` does not tell whose
 *   they are, and those of loading
 */
export async function withSubjects<T>(
  targets: readonly string[],
  weights: readonly string[],
  average: boolean | null,
  cwd: string,
  use: (subjects: readonly SubjectRequest[]) => Promise<T>,
): Promise<T> {
  const given = assign(weights, targets, cwd);
  const step = async (index: number, found: readonly SubjectRequest[]): Promise<T> => {
    const target = targets[index];
    if (target === undefined) {
      refuseSameNames(found);
      return await use(found);
    }
    const run = runCheckpoint(target, cwd, "last");
    if (run !== undefined) {
      return await step(index + 1, [...found, subject(runNetwork(run), run.file, average)]);
    }
    // What looks like a run's id and is none is told as that.
    if (RUN_ID.test(target)) findRunDirectory(homeDirectory(cwd), target);
    return await withNamed(target, cwd, "TARGET", (named) => {
      const file = given.get(target) ?? null;
      if (file !== null && named.length > 1) throw severalNetworks(target, named);
      return step(index + 1, [...found, ...named.map((each) => subject(each, file, average))]);
    });
  };
  return await step(0, []);
}

function subject(
  { name, package: folder, peer }: Named,
  weights: string | null,
  average: boolean | null,
): SubjectRequest {
  return { name, package: folder, peer, weights, average: weights === null ? null : average };
}

function assign(written: readonly string[], targets: readonly string[], cwd: string): Weights {
  const open = targets.filter((target) => runCheckpoint(target, cwd, "last") === undefined);
  const given = new Map<string, string>();
  for (const each of written) {
    const target = open.find((name) => each.startsWith(`${name}=`)) ?? onlyOne(each, open);
    if (given.has(target)) {
      throw optionMistake("--weights", each, `${target} has weights already`, {
        fix: "name the weights of each target once",
      });
    }
    const file = each.startsWith(`${target}=`) ? each.slice(target.length + 1) : each;
    const run = runCheckpoint(file, cwd, "last");
    const fix = "name a file of weights, or a run (`fovea runs list`)";
    given.set(target, run?.file ?? sourceFile(file, cwd, fix, "--weights"));
  }
  return given;
}

function onlyOne(written: string, open: readonly string[]): string {
  const [one, ...others] = open;
  if (one !== undefined && others.length === 0) return one;
  throw optionMistake(
    "--weights",
    written,
    one === undefined ? "every target is a run, which has weights" : "it does not say whose",
    {
      ...(one === undefined ? {} : { allowed: "TARGET=FILE, or FILE where there is one target" }),
      fix: one === undefined ? "leave --weights out" : `write --weights ${one}=${written}`,
    },
  );
}

function severalNetworks(target: string, named: readonly Named[]): FoveaError {
  return optionMistake("--weights", target, `it declares ${named.length} networks`, {
    allowed: `weights of one network (it has ${named.map(({ name }) => name).join(", ")})`,
    fix: "export one of them by itself",
  });
}

function refuseSameNames(subjects: readonly SubjectRequest[]): void {
  const names = subjects.map(({ name }) => name ?? "");
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return;
  throw new FoveaError({
    code: "FOV0005",
    message: `two of the models are called ${twice}`,
    path: "name",
    value: twice,
    fix: "name each of them once",
  });
}
