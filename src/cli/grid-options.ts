import { axisLength, densePair, kernelSize, peripheralCells } from "../analyse/grid.js";
import { FoveaError } from "../ir/error.js";
import type { GridPair, Size } from "../ir/grid.js";
import { LIMITS } from "../ir/limits.js";
import { optionMistake, parseSides, parseWhole } from "./whole.js";

/** How `fovea grid` and `fovea kernel` are told a pair of grids: the words as they were typed. */
export interface GridOptions {
  /** `K` or `HxW`. */
  readonly kernel?: string | undefined;
  readonly centre?: string | undefined;
  /** Comma-separated cells of both axes. */
  readonly cells?: string | undefined;
  readonly rows?: string | undefined;
  readonly columns?: string | undefined;
  readonly dense?: boolean | undefined;
  readonly remainder?: string | undefined;
  readonly base?: string | undefined;
}

type Word = Exclude<keyof GridOptions, "dense">;

const taps = (option: string, example: string) => ({
  option,
  most: LIMITS.kernelSide,
  unit: "taps",
  example,
});
const CELLS = "8,4,2,1,2,4,8";

/** An even side, with the odd ones beside it. */
export function evenMistake(option: string, written: string, side: number): FoveaError {
  return optionMistake(option, written, `${side} is even, a kernel needs a middle tap`, {
    allowed: `an odd whole number from 1 to ${LIMITS.kernelSide}`,
    fix: `use ${side - 1} or ${Math.min(side + 1, LIMITS.kernelSide)}`,
  }).with({ code: "FOV0010" });
}

function parseKernel(written: string): Size {
  const size = parseSides(written, taps("--kernel", "51"));
  for (const side of size) if (side % 2 === 0) throw evenMistake("--kernel", written, side);
  return size;
}

function parseCentre(written: string, kernel: Size): number {
  const centre = parseWhole(written, taps("--centre", "5"));
  if (centre % 2 === 0) throw evenMistake("--centre", written, centre).with({ code: "FOV0011" });
  if (centre > Math.min(...kernel)) {
    throw optionMistake("--centre", written, `wider than the kernel of ${kernel.join("×")} taps`, {
      allowed: `an odd whole number from 1 to ${Math.min(...kernel)}`,
    }).with({ code: "FOV0011" });
  }
  return centre;
}

function parseCells(option: string, written: string): readonly number[] {
  const cells = written.split(",").map((cell) => parseWhole(cell, taps(option, CELLS), written));
  const side = axisLength(cells);
  if (side % 2 === 0) {
    throw optionMistake(option, written, `the cells sum to ${side}, which is even`, {
      allowed: "cells that sum to an odd number of taps",
    }).with({ code: "FOV0012" });
  }
  if (side > LIMITS.kernelSide) {
    throw optionMistake(option, written, `the cells sum to ${side} taps`, {
      allowed: `cells that sum to at most ${LIMITS.kernelSide} taps`,
    }).with({ code: "FOV0022" });
  }
  return cells;
}

/** Refuses words that would have no effect beside `leader`. */
function refuseBeside(
  options: GridOptions,
  leader: string,
  others: readonly (keyof GridOptions)[],
): void {
  for (const name of others) {
    const written = options[name];
    if (written === undefined || written === false) continue;
    const typed = written === true ? `--${name}` : `--${name} ${written}`;
    throw new FoveaError({
      code: "FOV0040",
      message: `${typed} cannot be combined with ${leader}`,
      path: `--${name}`,
      fix: `leave out --${name} or ${leader}`,
    });
  }
}

function needed(option: Word, beside: string): FoveaError {
  return new FoveaError({
    code: "FOV0040",
    message: `${beside} needs --${option} too`,
    path: `--${option}`,
    fix: `add --${option}`,
  });
}

function explicitPair(options: GridOptions): GridPair | undefined {
  const { cells, rows, columns } = options;
  if (cells !== undefined) {
    refuseBeside(options, "--cells", ["rows", "columns", "centre", "dense", "remainder", "base"]);
    const both = parseCells("--cells", cells);
    return { rows: both, columns: both };
  }
  if (rows === undefined && columns === undefined) return undefined;
  if (rows === undefined) throw needed("rows", `--columns ${columns}`);
  if (columns === undefined) throw needed("columns", `--rows ${rows}`);
  refuseBeside(options, "--rows and --columns", ["centre", "dense", "remainder", "base"]);
  return { rows: parseCells("--rows", rows), columns: parseCells("--columns", columns) };
}

function parseRemainder(written: string | undefined): "own" | "merge" {
  if (written === undefined || written === "own") return "own";
  if (written === "merge") return "merge";
  throw optionMistake("--remainder", written, "not known", { allowed: "own or merge" });
}

function parseBase(written: string | undefined): number {
  if (written === undefined) return 2;
  const base = parseWhole(written, taps("--base", "2"));
  if (base >= 2) return base;
  throw optionMistake("--base", written, "cells would not grow", {
    allowed: `a whole number from 2 to ${LIMITS.kernelSide}`,
  });
}

/**
 * The pair of grids that the options of `fovea grid` and `fovea kernel` stand for: a kernel with
 * a centre or dense, or explicit cells, beside which a kernel must agree.
 *
 * @throws FoveaError FOV0010, FOV0011, FOV0012, FOV0022 or FOV0040; its message has the value as
 *   it was written.
 */
export function parseGridOptions(options: GridOptions): GridPair {
  const size = options.kernel === undefined ? undefined : parseKernel(options.kernel);
  const explicit = explicitPair(options);
  if (explicit !== undefined) {
    const sums = kernelSize(explicit);
    if (size !== undefined && (size[0] !== sums[0] || size[1] !== sums[1])) {
      const wrong = `the cells sum to ${sums.join("×")} taps`;
      throw optionMistake("--kernel", options.kernel ?? "", wrong, {
        fix: "leave out --kernel, or make the cells agree with it",
      }).with({ code: "FOV0012" });
    }
    return explicit;
  }
  if (size === undefined) {
    throw new FoveaError({
      code: "FOV0040",
      message: "no kernel is given",
      path: "--kernel",
      allowed: "--kernel with --centre or --dense, --cells, or --rows and --columns",
      fix: "write --kernel 51 --centre 5",
    });
  }
  if (options.dense === true) {
    refuseBeside(options, "--dense", ["centre", "remainder", "base"]);
    return densePair(size);
  }
  if (options.centre === undefined)
    throw needed("centre", `--kernel ${options.kernel}`).with({
      fix: "add --centre C, or --dense for a kernel without sharing",
    });
  const rule = {
    centre: parseCentre(options.centre, size),
    base: parseBase(options.base),
    remainder: parseRemainder(options.remainder),
  };
  return {
    rows: peripheralCells({ ...rule, kernel: size[0] }),
    columns: peripheralCells({ ...rule, kernel: size[1] }),
  };
}
