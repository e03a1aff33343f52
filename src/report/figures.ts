import { grouped } from "./quantity.js";

/** A figure for people: whole numbers in groups of three, others with at least three digits. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 1000) return (value < 0 ? "-" : "") + grouped(size);
  if (size >= 1) return value.toFixed(2);
  if (size >= 0.001) return value.toFixed(size >= 0.1 ? 3 : 4);
  return value.toExponential(2);
}

/** `2 h 05 min`, `3 min 20 s`, `12 s` */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (count: number): string => String(count).padStart(2, "0");
  if (whole >= 3600) {
    return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
  }
  if (whole >= 60) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${whole} s`;
}

/**
 * A measured value: always with decimals, at most four (contract, line 34).
 *
 * @param like - the value that it is written beside, and as finely as
 */
export function metricFigure(value: number | null | undefined, like = value): string {
  if (value === null || value === undefined) return "–";
  return value.toFixed(Math.abs(like ?? 0) >= 1 ? 2 : 4);
}
