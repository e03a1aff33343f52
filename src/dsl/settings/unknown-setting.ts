import { FoveaError } from "../../ir/error.js";
import { nearest } from "../../ir/nearest.js";
import { EVERY, type SettingKeys, settingPathText } from "./setting-path.js";

/** Where a path leaves what there is: `keys[depth]` is nothing of `holder`. */
export interface DeadEnd {
  readonly keys: SettingKeys;
  readonly depth: number;
  readonly holder: unknown;
}

/**
 * The mistake of a path that leads nowhere, with the nearest ones that do.
 *
 * @param root - the experiment
 * @param path - as it was written
 */
export function unknownSetting(
  root: unknown,
  path: string,
  { keys, depth, holder }: DeadEnd,
): FoveaError {
  const parent = settingPathText(keys.slice(0, depth));
  const here = Object.keys(typeof holder === "object" && holder !== null ? holder : {});
  const everywhere = [...new Set(pathsOf(root, keys.includes(EVERY)))];
  const tail = settingPathText(keys.slice(depth));
  const close = [
    ...nearest(keys[depth] ?? "", here).map((key) =>
      settingPathText([...keys.slice(0, depth), key]),
    ),
    ...everywhere.filter((each) => each.endsWith(`.${tail}`)),
    ...nearest(settingPathText(keys), everywhere),
  ];
  const few = [...new Set(close)].slice(0, 3);
  return new FoveaError({
    code: "FOV0041",
    message: `there is no setting ${path}`,
    path,
    allowed:
      here.length === 0
        ? `${parent} has no settings`
        : `${parent === "" ? "" : `below ${parent}: `}${here.join(", ")}`,
    fix: few.length === 0 ? "write one of those" : `did you mean ${few.join(" or ")}?`,
  });
}

/**
 * The mistake of a `[*]` where some entries have the option and others have not: to leave those out
 * in silence would train something else than what was asked for.
 *
 * @param path - as it was written
 */
export function lackingEntries(path: string, lacking: readonly DeadEnd[]): FoveaError {
  const [first] = lacking;
  const option = settingPathText(first?.keys.slice(first.depth) ?? []);
  const names = lacking.map(({ keys, depth, holder }) => {
    const { type } = (holder ?? {}) as { type?: unknown };
    const kind = typeof type === "string" ? ` (${type})` : "";
    return `${settingPathText(keys.slice(0, depth))}${kind}`;
  });
  return new FoveaError({
    code: "FOV0041",
    message: `${path}: ${names.join(", ")} ${names.length === 1 ? "has" : "have"} no ${option}`,
    path,
    allowed: `[*] where every entry has ${option}`,
    fix: `name the entries that have it, such as ${path.replace("[*]", "[0]")}`,
  });
}

/** @param every - whether the entries of a list go by `[*]`, in place of their numbers */
function pathsOf(value: unknown, every: boolean, above: SettingKeys = []): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const keys = [...above, every && Array.isArray(value) ? EVERY : key];
    return [settingPathText(keys), ...pathsOf(item, every, keys)];
  });
}
