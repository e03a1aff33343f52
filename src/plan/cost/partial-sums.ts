import type { Launch } from "./launch.js";
import { type Problem, tiles, weightBytes } from "./problem.js";

/** `_MAX_CHUNKS` of a kernel file. */
const MOST_CHUNKS = 64;

/** The sums of a weight's gradient before they are added up, float32. */
export interface PartialSums {
  /** Programs whose sums lie side by side. */
  readonly parts: number;
  readonly bytes: number;
}

/**
 * @param items - what is cut into chunks: images, or tiles of rows of images
 * @param tilesOfColumns - programs that share a chunk
 * @param most - chunks at most
 */
export function partialSums(
  problem: Problem,
  items: number,
  tilesOfColumns = 1,
  most = MOST_CHUNKS,
): PartialSums {
  const { pair, channels } = problem;
  const parts = tiles(items, tiles(items, most)) * tilesOfColumns;
  return { parts, bytes: 4 * parts * channels * pair.rows.length * pair.columns.length };
}

/** PyTorch adds them up, and rounds half types by another launch. */
export function sumOfPartials(problem: Problem, { parts, bytes }: PartialSums): Launch[] {
  const sum = bytes / parts;
  const launch = (moved: number): Launch => ({
    kernel: "torch",
    programs: tiles(sum / 4, 1024),
    matrix: 0,
    sums: 0,
    operations: 0,
    cached: 0,
    moved,
  });
  const added = launch(bytes + sum);
  return problem.dtype === "half" ? [added, launch(sum + weightBytes(problem))] : [added];
}
