/** Names taken from a module, or the module itself where `names` is missing. */
export interface Import {
  readonly module: string;
  readonly names?: readonly string[];
}

const SECTIONS = ["future", "standard", "third party", "local"] as const;
type Section = (typeof SECTIONS)[number];

const THIRD_PARTY = new Set(["timm", "torch", "triton"]);

function section(module: string): Section {
  if (module === "__future__") return "future";
  if (module.startsWith(".")) return "local";
  return THIRD_PARTY.has(module.split(".")[0] ?? "") ? "third party" : "standard";
}

/** isort's order of names: constants, then classes, then the rest. */
function rank(name: string): number {
  if (/^[A-Z][A-Z0-9_]*$/.test(name) && name.length > 1) return 0;
  return /^[A-Z]/.test(name) ? 1 : 2;
}

/** Natural order: `dense_5x13` comes before `dense_13x5`. */
function compare(a: string, b: string): number {
  const [left, right] = [chunks(a), chunks(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const [x, y] = [left[i] ?? "", right[i] ?? ""];
    if (x === y) continue;
    const difference = Number(x) - Number(y);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

const chunks = (name: string): string[] => name.toLowerCase().match(/\d+|\D/g) ?? [];

/**
 * Import statements in the order that Ruff asks for (rule I001): standard library, packages and
 * own modules apart by an empty line; `import x` before `from x import y`.
 */
export function importLines(imports: readonly Import[]): string[] {
  const whole = new Set<string>();
  const parts = new Map<string, Set<string>>();
  for (const { module, names } of imports) {
    if (names === undefined) whole.add(module);
    else {
      const known = parts.get(module) ?? new Set();
      for (const name of names) known.add(name);
      parts.set(module, known);
    }
  }
  const groups = SECTIONS.map((wanted) => {
    const here = (module: string): boolean => section(module) === wanted;
    const modules = [...whole].filter(here).sort(compare);
    const froms = [...parts].filter(([module]) => here(module)).sort(([a], [b]) => compare(a, b));
    return [
      ...modules.map((module) => `import ${module}`),
      ...froms.map(([module, names]) => fromLine(module, [...names])),
    ];
  });
  return groups
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i) => (i ? ["", ...lines] : lines));
}

function fromLine(module: string, names: readonly string[]): string {
  const sorted = names.toSorted((a, b) => rank(a) - rank(b) || compare(a, b));
  return `from ${module} import ${sorted.join(", ")}`;
}
