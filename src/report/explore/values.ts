import type { ExploredSize, ExploredStage } from "../../ir/exploration.js";

/** `51`, or `51×31` where the sides differ. */
export function sides([height, width]: readonly [number, number]): string {
  return height === width ? String(height) : `${height}×${width}`;
}

/**
 * Microseconds of forward and both gradients of a stage's large kernels: measured, or predicted
 * where nothing was measured; `null` where a measured kernel failed.
 */
export function trainingTime({ measured, predicted }: ExploredSize): number | null {
  return measured === null ? predicted.training : measured.training;
}

/** The centres of a stage, growing: one series of a plot each; one `null` without centres. */
export function centresOf({ sizes }: Pick<ExploredStage, "sizes">): readonly (number | null)[] {
  const all = new Set(sizes.map(({ centre }) => centre));
  return [...all].sort((a, b) => (a ?? 0) - (b ?? 0));
}

/** What a series is called. */
export function centreName(centre: number | null): string {
  return centre === null ? "without a centre" : `centre ${centre}`;
}

/** What is to be known of a size beside its figures. */
export function remarks(size: ExploredSize): readonly string[] {
  const { declared, exact, nearestExact, reach, kernel, measured } = size;
  return [
    ...(declared ? ["declared"] : []),
    ...(exact === true ? ["exact"] : []),
    ...(nearestExact.length > 0 ? [`exact at ${nearestExact.join(", ")}`] : []),
    ...(reach[0] < kernel[0] || reach[1] < kernel[1] ? [`only ${reach.join("×")} reach`] : []),
    ...(measured === null ? [] : measured.failures),
  ];
}
