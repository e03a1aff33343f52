import { FoveaError } from "../ir/error.js";
import { type Size, toSize } from "../ir/grid.js";
import { LIMITS } from "../ir/limits.js";
import type { GridMixer, Mixer, StripesMixer } from "../ir/mixer.js";
import { showValue } from "../ir/printable.js";
import { type Path, pathText } from "./place.js";

/**
 * What a mixer's shape cannot say: sizes that fit each other.
 *
 * @param path - the way to the mixer from the options of the call
 * @throws FoveaError of the first mistake
 */
export function checkMixer(mixer: Mixer, path: Path = []): void {
  if (mixer.type === "grid") checkGrid(mixer, path);
  const size = mixerSize(mixer);
  if (mixer.type === "peripheral") atMost(mixer.centre, size, [...path, "centre"], "FOV0011");
  if (mixer.type === "stripes") checkStripes(mixer, size, path);
  if (mixer.branch !== false) atMost(mixer.branch, size, [...path, "branch"], "FOV0001");
}

function checkGrid(mixer: GridMixer, path: Path): void {
  checkCells(mixer.rows, [...path, "rows"]);
  checkCells(mixer.columns, [...path, "columns"]);
}

/** @throws FoveaError FOV0012 for an even sum, FOV0022 for one beyond the limit */
export function checkCells(cells: readonly number[], path: Path): void {
  const sum = cells.reduce((total, cell) => total + cell, 0);
  const name = pathText(path);
  const allowed = `cells that sum to an odd number up to ${LIMITS.kernelSide}`;
  if (sum > LIMITS.kernelSide) {
    throw new FoveaError({
      code: "FOV0022",
      message: `${name} sum to ${sum}`,
      path: name,
      value: cells,
      allowed,
      fix: "use fewer or smaller cells",
    });
  }
  if (sum % 2 === 0) {
    throw new FoveaError({
      code: "FOV0012",
      message: `${name} sum to ${sum}, which is even: the kernel would have no middle`,
      path: name,
      value: cells,
      allowed,
      fix: "make one cell larger or smaller by 1",
    });
  }
}

function checkStripes(mixer: StripesMixer, size: Size, path: Path): void {
  atMost(mixer.width, size, [...path, "width"], "FOV0010");
  if (mixer.embedding !== false) {
    throw new FoveaError({
      code: "FOV0014",
      message: "stripes have two kernels, and the embedding belongs to one",
      path: pathText([...path, "embedding"]),
      value: mixer.embedding,
      allowed: "false",
      fix: "remove embedding, or use peripheral() or dense()",
    });
  }
  if (mixer.branch !== false && mixer.branch > mixer.width) {
    throw new FoveaError({
      code: "FOV0001",
      message: `a ${mixer.branch}×${mixer.branch} branch cannot merge into stripes of width ${mixer.width}`,
      path: pathText([...path, "branch"]),
      value: mixer.branch,
      allowed: `an odd whole number up to ${mixer.width}, or false`,
      fix: `write branch: ${mixer.width}`,
    });
  }
}

function atMost(
  value: number,
  size: Size,
  path: Path,
  code: "FOV0001" | "FOV0010" | "FOV0011",
): void {
  const most = Math.min(...size);
  if (value <= most) return;
  const name = pathText(path);
  throw new FoveaError({
    code,
    message: `${name} ${value} is wider than the kernel ${size.join("×")}`,
    path: name,
    value,
    allowed: `an odd whole number from 1 to ${most}`,
    fix: `write ${showValue(path.at(-1)).slice(1, -1)}: ${most}, or a larger kernel`,
  });
}

/** Height and width that everything else in the mixer must fit into, in taps. */
function mixerSize(mixer: Mixer): Size {
  if (mixer.type !== "grid") return toSize(mixer.kernel);
  const sum = (cells: readonly number[]) => cells.reduce((total, cell) => total + cell, 0);
  return [sum(mixer.rows), sum(mixer.columns)];
}
