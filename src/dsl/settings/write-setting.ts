import { usualBranch } from "../../ir/resizing.js";
import { completeBlock } from "../block.js";
import { completeAugment, completeRecipe } from "../recipe.js";
import { completeSparsity } from "../sparsity.js";
import { covers, EVERY, type SettingKeys } from "./setting-path.js";
import { type DeadEnd, lackingEntries, unknownSetting } from "./unknown-setting.js";

/** A value for a place in an experiment. */
export interface Setting {
  /** As it was written. */
  readonly path: string;
  readonly keys: SettingKeys;
  readonly value: unknown;
}

/** Parts of an experiment that the DSL completes by defaults. */
const COMPLETED: Readonly<Record<string, (value: unknown) => unknown>> = {
  recipe: completeRecipe,
  "recipe.augment": completeAugment,
  sparsity: completeSparsity,
  "network.block": completeBlock,
};

/**
 * An experiment with one setting written, not checked: `--set` and sweeps write several and check
 * the last. A partial recipe or sparsity is completed as `experiment()` does; an option of a
 * sparsity where there is none asks for the usual one with that changed. With another `centre`, a
 * branch that is the usual one of the old centre becomes the new one's, unless it is set as well.
 *
 * @param root - the experiment; what does not change is shared with the result, which is frozen
 *   where it differs
 * @param all - paths of everything that is set beside it
 * @throws FoveaError FOV0041 for a path that leads nowhere
 */
export function writeSetting<T extends object>(
  root: T,
  { path, keys, value }: Setting,
  all: readonly SettingKeys[],
): T {
  const { found, lacking } = placesOf(root, keys);
  const [dead] = lacking;
  if (dead !== undefined) {
    throw found.length > 0
      ? lackingEntries(path, lacking)
      : unknownSetting(root, path, { ...dead, keys });
  }
  const written = COMPLETED[keys.join(".")]?.(value) ?? value;
  return found.reduce<object>((changed, place) => {
    const branch = [...place.slice(0, -1), "branch"];
    const follows = place.at(-1) === "centre" && !all.some((each) => covers(each, branch));
    return writeAt(changed, place, written, follows);
  }, root) as T;
}

/** The places that a path stands for, one for each entry of a list at `[*]`, and where it fails. */
function placesOf(
  root: object,
  keys: SettingKeys,
): { readonly found: readonly SettingKeys[]; readonly lacking: readonly DeadEnd[] } {
  const found: SettingKeys[] = [];
  const lacking: DeadEnd[] = [];
  const walk = (holder: unknown, depth: number, above: SettingKeys): void => {
    const key = keys[depth];
    if (key === undefined) {
      found.push(above);
      return;
    }
    const isEvery = key === EVERY && Array.isArray(holder) && holder.length > 0;
    const here = isEvery ? Object.keys(holder) : [key];
    for (const each of here) {
      if (has(holder, each)) walk(below(holder, each, above), depth + 1, [...above, each]);
      else lacking.push({ keys: [...above, ...keys.slice(depth)], depth, holder });
    }
  };
  walk(root, 0, []);
  return { found, lacking };
}

function below(holder: Record<string, unknown>, key: string, above: SettingKeys): unknown {
  return above.length === 0 && key === "sparsity"
    ? (holder[key] ?? completeSparsity({}))
    : holder[key];
}

function has(holder: unknown, key: string): holder is Record<string, unknown> {
  if (typeof holder !== "object" || holder === null) return false;
  if (Array.isArray(holder)) return /^(0|[1-9]\d*)$/.test(key) && Number(key) < holder.length;
  return Object.hasOwn(holder, key);
}

function writeAt(root: object, place: SettingKeys, value: unknown, follows: boolean): object {
  const write = (holder: object, depth: number): object => {
    const key = place[depth] ?? "";
    const copy = (Array.isArray(holder) ? [...holder] : { ...holder }) as Record<string, unknown>;
    if (depth < place.length - 1) {
      const inner = below(copy, key, place.slice(0, depth));
      copy[key] = write(inner as object, depth + 1);
    } else {
      if (follows) followCentre(copy, value);
      copy[key] = value;
    }
    return Object.freeze(copy);
  };
  return write(root, 0);
}

/** The declaration is completed: whether its branch was written or is the usual one is not known. */
function followCentre(mixer: Record<string, unknown>, centre: unknown): void {
  const { type, branch, centre: old } = mixer;
  if (type !== "peripheral" || typeof old !== "number" || typeof centre !== "number") return;
  if (branch === usualBranch(old)) mixer["branch"] = usualBranch(centre);
}
