import { printable } from "../../ir/printable.js";
import type { SweepPoint } from "../../ir/sweep.js";

const LONGEST = 40;

/** The shortest endings of paths that still tell them apart: `kernel`, `recipe.lr`. */
export function shortPaths(paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(paths.map((path) => [path, shortest(path, paths)]));
}

function shortest(path: string, paths: readonly string[]): string {
  const keys = path.split(".");
  for (let from = keys.length - 1; from > 0; from -= 1) {
    const ending = keys.slice(from).join(".");
    const alike = paths.filter((each) => each === ending || each.endsWith(`.${ending}`));
    if (alike.length === 1) return ending;
  }
  return path;
}

/** A value on an axis for people; what is large goes by its name, or by its beginning. */
export function axisValue(value: unknown): string {
  if (typeof value === "string") return printable(value);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const { name, type } = value as { name?: unknown; type?: unknown };
    if (typeof name === "string") return printable(name);
    if (typeof type === "string" && JSON.stringify(value).length > LONGEST) return printable(type);
  }
  const text = JSON.stringify(value) ?? String(value);
  return printable(text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
}

/** `kernel=21 lr=0.01 seed 3`: what tells a point from the others. */
export function pointText({ axes, seed }: SweepPoint, names: ReadonlyMap<string, string>): string {
  const values = Object.entries(axes).map(
    ([path, value]) => `${names.get(path) ?? path}=${axisValue(value)}`,
  );
  return [...values, `seed ${seed}`].join(" ");
}
