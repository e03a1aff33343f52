import { join } from "node:path";
import { sourcesOf, writeProgram } from "./folders.js";
import type { Edit } from "./requests.js";
import { type Tried, tryEdit } from "./try-edit.js";
import { typeMistakes } from "./type-check.js";

/** Tries edits, each in a folder of its own below `root`; one type check stands for all. */
export async function tryBatch(root: string, edits: readonly Edit[]): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  for (const [index, edit] of edits.entries()) {
    writeProgram(join(root, "before", String(index)), edit.program);
    tried.push(await tryEdit(join(root, "after", String(index)), edit));
  }
  const files = edits.flatMap(({ program }, index) =>
    ["before", "after"].flatMap((when) => sourcesOf(join(root, when, String(index)), program)),
  );
  const types = typeMistakes(files);
  return tried.map((each, index) => {
    const { program } = edits[index] as Edit;
    const now = ["before", "after"].flatMap((when) =>
      sourcesOf(join(root, when, String(index)), program).flatMap((file) =>
        (types.get(file) ?? []).map((mistake) => `types ${when} the edit: ${mistake}`),
      ),
    );
    return { ...each, mistakes: [...each.mistakes, ...now] };
  });
}
