import type { GridPair } from "../ir/index.js";
import { kernelName } from "../plan/kernel-name.js";

/** The `fovea kernel` call that emits a pair's kernel, however it was first asked for. */
export function kernelCommand(pair: GridPair): string {
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
