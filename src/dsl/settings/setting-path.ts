/** Stands for every entry of a list: `network.mixers[*].kernel`. */
export const EVERY = "*";

/** The way into an experiment: names of options, indexes of list entries, or {@link EVERY} of them. */
export type SettingKeys = readonly string[];

/**
 * Reads a dotted path as `--set` and sweep axes write it: `network.mixers[0].kernel`, or with `[*]`
 * in place of the index.
 *
 * @returns `undefined` for what is no path
 */
export function parseSettingPath(text: string): SettingKeys | undefined {
  const keys = text.replace(/\[(\d+|\*)\]/g, ".$1").split(".");
  return keys.some((key) => key === "") ? undefined : keys;
}

/** The keys as a path is written: indexes in brackets. */
export function settingPathText(keys: SettingKeys): string {
  return keys.reduce((text, key) => {
    if (/^(\d+|\*)$/.test(key)) return `${text}[${key}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}

/** Whether writing at `whole` replaces all that was written at `part`. */
export function covers(whole: SettingKeys, part: SettingKeys): boolean {
  return (
    whole.length <= part.length &&
    whole.every((key, depth) => key === part[depth] || (key === EVERY && isEntry(part[depth])))
  );
}

function isEntry(key: string | undefined): boolean {
  return key !== undefined && /^\d+$/.test(key);
}
