import { type Cells, type GridPair, type Mixer, type Size, toSize } from "../ir/index.js";

/** What fixes the exponential sharing grid along one axis. */
export interface PeripheralAxis {
  /** Side of the kernel in taps; odd. */
  readonly kernel: number;
  /** Side of the centre that is not shared, in taps; odd. */
  readonly centre: number;
  /** Ratio of neighbouring cells outside the centre; 2 in the paper. */
  readonly base: number;
  /** Where the taps go that fill no power of `base`: a cell of their own, or the outermost full cell. */
  readonly remainder: "own" | "merge";
}

/** Sum of the cells: the kernel's side along that axis, in taps. */
export function axisLength(cells: Cells): number {
  return cells.reduce((sum, cell) => sum + cell, 0);
}

/** `[k_h, k_w]` of the kernel that a pair of grids cuts. */
export function kernelSize(pair: GridPair): Size {
  return [axisLength(pair.rows), axisLength(pair.columns)];
}

/** Parameters a channel: one a zone. */
export function zoneCount(pair: GridPair): number {
  return pair.rows.length * pair.columns.length;
}

/** True where some zone holds more than one tap. */
export function isShared(pair: GridPair): boolean {
  return pair.rows.some((cell) => cell > 1) || pair.columns.some((cell) => cell > 1);
}

/** A grid without sharing: one cell a tap. */
export function ones(side: number): number[] {
  return new Array<number>(side).fill(1);
}

/** The pair of grids of a kernel without sharing. */
export function densePair([height, width]: Size): GridPair {
  return { rows: ones(height), columns: ones(width) };
}

/**
 * Cell sizes along one axis by the published rule (PeLK, equation 2): ones over the centre, then
 * `base`, `base²`, … outwards on both sides. The paper's own grids give what is left over to an
 * outermost cell of its own; `merge` adds it to the outermost full power instead, where there is one.
 *
 * @returns the cells from the first tap to the last; all ones where the centre covers the kernel.
 */
export function peripheralCells({ kernel, centre, base, remainder }: PeripheralAxis): number[] {
  if (kernel <= centre) return ones(kernel);
  const outwards: number[] = [];
  let left = (kernel - centre) / 2;
  for (let cell = base; cell <= left; cell *= base) {
    outwards.push(cell);
    left -= cell;
  }
  const outermost = outwards.at(-1);
  if (left > 0 && remainder === "merge" && outermost !== undefined) {
    outwards[outwards.length - 1] = outermost + left;
  } else if (left > 0) {
    outwards.push(left);
  }
  return [...outwards.toReversed(), ...ones(centre), ...outwards];
}

/** The kernels of a mixer as pairs of sharing grids: one, or the tall and the wide one of stripes. */
export function mixerGrids(mixer: Mixer): readonly GridPair[] {
  switch (mixer.type) {
    case "grid":
      return [{ rows: mixer.rows, columns: mixer.columns }];
    case "dense":
      return [densePair(toSize(mixer.kernel))];
    case "peripheral": {
      const [height, width] = toSize(mixer.kernel);
      const { centre, base, remainder } = mixer;
      const axis = (kernel: number) => peripheralCells({ kernel, centre, base, remainder });
      return [{ rows: axis(height), columns: axis(width) }];
    }
    case "stripes": {
      const [height, width] = toSize(mixer.kernel);
      return [densePair([height, mixer.width]), densePair([mixer.width, width])];
    }
  }
}

/** `[k_h, k_w]` of a mixer's receptive field; of stripes, the long side of each. */
export function mixerKernel(mixer: Mixer): Size {
  return mixer.type === "grid" ? kernelSize(mixer) : toSize(mixer.kernel);
}

/**
 * The cells of one tap around the kernel's middle tap, equally far to both sides: where a small
 * parallel kernel can be added without breaking the sharing.
 *
 * @returns index of the first such cell and their number, which is odd, or 0 where the middle
 *   tap shares its weight.
 */
export function centralOnes(cells: Cells): { start: number; count: number } {
  const middle = (axisLength(cells) - 1) / 2;
  let tap = 0;
  const index = cells.findIndex((cell) => {
    tap += cell;
    return tap > middle;
  });
  if (cells[index] !== 1) return { start: index, count: 0 };
  let radius = 0;
  while (cells[index - radius - 1] === 1 && cells[index + radius + 1] === 1) radius += 1;
  return { start: index - radius, count: 2 * radius + 1 };
}

/** True where a centred `side × side` kernel can be added to the grid's own weights. */
export function holdsBranch(pair: GridPair, side: number): boolean {
  return centralOnes(pair.rows).count >= side && centralOnes(pair.columns).count >= side;
}
