/** `48739822` as `48,739,822`, the same in every locale. */
export function grouped(count: number): string {
  return count.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A share from 0 to 1 as a percentage with one decimal. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** A large count in the unit that papers print: `48.74 M`, `9.735 G`. */
export function inUnits(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(3)} G`;
  if (count >= 1e6) return `${(count / 1e6).toFixed(2)} M`;
  return grouped(count);
}
