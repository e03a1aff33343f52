import type { Size } from "../../ir/index.js";
import { powerOfTwo } from "./cells.js";

/** Least side of a factor of `tl.dot`. */
const LEAST_SIDE = 16;
/** Rows of a tile: what a warp group multiplies at once on sm_90. */
const TILE_LINES = 64;

/** How planes of one channel lie in a tile: image below image, each filled up with zeros. */
export interface TilePlan {
  /** Such as `56x56`. */
  readonly map: string;
  readonly mapHeight: number;
  readonly mapWidth: number;
  readonly pixels: number;
  /** Images that are taken at a time. */
  readonly images: number;
  readonly imagesInWords: string;
  /** Whether a tile holds more than one. */
  readonly several: boolean;
  /** Rows of a tile, and those of them that an image takes. */
  readonly lines: number;
  readonly imageLines: number;
  /** Columns of a tile: the map's width filled up. */
  readonly columns: number;
}

/** Lays maps of one size, of at most 64 pixels a side, into a tile. */
export function planTile([height, width]: Size): TilePlan {
  const imageLines = Math.max(LEAST_SIDE, powerOfTwo(height));
  const images = Math.max(1, TILE_LINES / imageLines);
  return {
    map: `${height}x${width}`,
    mapHeight: height,
    mapWidth: width,
    pixels: height * width,
    images,
    imagesInWords: images === 1 ? "one image" : `${images} images`,
    several: images > 1,
    lines: images * imageLines,
    imageLines,
    columns: Math.max(LEAST_SIDE, powerOfTwo(width)),
  };
}
