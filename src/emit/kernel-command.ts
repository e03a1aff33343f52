import type { GridPair, Size } from "../ir/index.js";
import { kernelName } from "../plan/kernel-name.js";
import type { TunedTable } from "../plan/triton/tuned.js";

/**
 * The `fovea kernel` call that emits a pair's kernel, however it was first asked for.
 *
 * @param maps - planned map sizes where they are not the usual ones
 */
export function kernelCommand(pair: GridPair, maps: readonly Size[] = []): string {
  const sizes = maps.map(([height, width]) => (height === width ? height : `${height}x${width}`));
  return [gridCommand(pair), ...sizes.map((size) => `--map ${size}`)].join(" ");
}

/** The command of what holds these tuned entries; the path of their table is not told. */
export function withTable(command: string, tuned: TunedTable): string {
  return tuned.length === 0 ? command : `${command} --tuned TABLE`;
}

function gridCommand(pair: GridPair): string {
  const named = /^(dense|peripheral)_(\d+)x(\d+)(?:_c(\d+))?$/.exec(kernelName(pair));
  if (named === null) return `fovea kernel ${cellOptions(pair)}`;
  const [, family, height, width, centre] = named;
  const size = height === width ? height : `${height}x${width}`;
  return `fovea kernel ${size} ${family === "dense" ? "--dense" : `--centre ${centre}`}`;
}

function cellOptions({ rows, columns }: GridPair): string {
  const [height, width] = [rows.join(","), columns.join(",")];
  return height === width ? `--cells ${height}` : `--rows ${height} --columns ${width}`;
}
