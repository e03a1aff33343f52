import { axisLength } from "../../analyse/grid.js";
import type { StageChange, Wishes } from "../../harness/retarget/request.js";
import { FoveaError } from "../../ir/error.js";
import { type Size, toSize } from "../../ir/grid.js";
import { LIMITS } from "../../ir/limits.js";
import type { Network } from "../../ir/network.js";
import { evenMistake } from "../grid-options.js";
import { optionMistake, parseSides, parseWhole } from "../whole.js";
import type { RetargetOptions } from "./options.js";

/** What the options ask for, before the network is known. */
interface Asked {
  /** One an entry of `--kernels`; `undefined` for `-`. */
  readonly kernels: readonly (Size | undefined)[] | undefined;
  /** By `--stage` and `--grid`, with the words that gave them. */
  readonly stages: ReadonlyMap<number, StageChange & { readonly written: string }>;
  readonly centre: number | undefined;
  readonly resolution: Size | undefined;
}

/**
 * Reads what is asked of a network.
 *
 * @returns says what that is for a network, or what of it that network cannot have
 * @throws FoveaError FOV0040 for what cannot be read, FOV0010 and FOV0011 for even sides
 */
export function readAsked(options: RetargetOptions): (network: Network) => Wishes {
  const asked = parse(options);
  const { kernels, stages, centre, resolution } = asked;
  if (
    kernels === undefined &&
    stages.size === 0 &&
    centre === undefined &&
    resolution === undefined
  ) {
    throw new FoveaError({
      code: "FOV0040",
      message: "nothing is asked for",
      path: "--kernels",
      allowed: "--kernels, --stage, --centre, --grid or --resolution",
      fix: "write --kernels 61,59,57,13, one a stage; - keeps a stage",
    });
  }
  return (network) => ({
    stages: network.mixers.map((_, stage) => stageChange(asked, network, stage)),
    ...(resolution === undefined ? {} : { resolution }),
    ...checkStages(asked, network),
  });
}

function parse({ kernels, stage, grid, centre, resolution }: RetargetOptions): Asked {
  const stages = new Map<number, StageChange & { written: string }>();
  const add = (option: string, word: string, read: (value: string) => StageChange): void => {
    const [, index, value] = /^(\d+)=(.+)$/.exec(word) ?? [];
    if (index === undefined || value === undefined) {
      throw optionMistake(option, word, "not of the form STAGE=…", {
        allowed: "a stage from 0, an equals sign, and its size",
        fix: option === "--stage" ? "write --stage 2=45" : "write --grid 2=8,4,2,1,1,1,2,4,8",
      });
    }
    const written = `${option} ${word}`;
    const before = stages.get(Number(index));
    if (before !== undefined) throw twice(Number(index), before.written, written);
    stages.set(Number(index), { ...read(value), written });
  };
  for (const word of stage)
    add("--stage", word, (value) => ({ kernel: side("--stage", value, word) }));
  for (const word of grid) add("--grid", word, (value) => ({ grid: cells(value, word) }));
  return {
    kernels: kernels?.split(",").map((word) => {
      return word.trim() === "-" ? undefined : side("--kernels", word.trim(), kernels);
    }),
    stages,
    centre: centre === undefined ? undefined : readCentre(centre),
    resolution: resolution === undefined ? undefined : readResolution(resolution),
  };
}

function side(option: string, word: string, written: string): Size {
  const example = option === "--stage" ? "2=45" : "61,59,57,13";
  const rule = { option, most: LIMITS.kernelSide, unit: "taps", example };
  const size = parseSides(word, rule);
  for (const each of size) if (each % 2 === 0) throw evenMistake(option, written, each);
  return size;
}

function readCentre(word: string): number {
  const rule = { option: "--centre", most: LIMITS.kernelSide, unit: "taps", example: "5" };
  const centre = parseWhole(word, rule);
  if (centre % 2 === 0) throw evenMistake("--centre", word, centre).with({ code: "FOV0011" });
  return centre;
}

function readResolution(word: string): Size {
  return parseSides(word, {
    option: "--resolution",
    most: LIMITS.inputSide,
    unit: "pixels",
    example: "384",
  });
}

function cells(value: string, written: string): NonNullable<StageChange["grid"]> {
  const axes = value.split(/[x×]/).map((axis) => {
    const rule = {
      option: "--grid",
      most: LIMITS.kernelSide,
      unit: "taps",
      example: "2=8,4,2,1,1,1,2,4,8",
    };
    const list = axis.split(",").map((cell) => parseWhole(cell, rule, written));
    const length = axisLength(list);
    if (length % 2 === 0 || length > LIMITS.kernelSide) {
      throw optionMistake("--grid", written, `the cells sum to ${length}`, {
        allowed: `cells that sum to an odd number of taps, up to ${LIMITS.kernelSide}`,
        fix: "write --grid 2=8,4,2,1,1,1,2,4,8",
      }).with({ code: "FOV0012" });
    }
    return list;
  });
  const [rows, columns = rows, ...rest] = axes;
  if (rows === undefined || columns === undefined || rest.length > 0) {
    throw optionMistake("--grid", written, "more than two axes", {
      allowed: "cells of both axes, or ROWSxCOLUMNS",
      fix: "write --grid 2=8,4,2,1,1,1,2,4,8",
    });
  }
  return { rows, columns };
}

function twice(stage: number, first: string, second: string): FoveaError {
  return new FoveaError({
    code: "FOV0040",
    message: `stage ${stage} is given twice: ${first} and ${second}`,
    path: "--stage",
    value: second,
    fix: `leave out ${second}`,
  });
}

/** What does not fit the network at all: other numbers of stages, and stages that it has not. */
function checkStages({ kernels, stages }: Asked, { name, mixers }: Network): object {
  const count = mixers.length;
  if (kernels !== undefined && kernels.length !== count) {
    const given = `${kernels.length} ${kernels.length === 1 ? "kernel" : "kernels"}`;
    throw new FoveaError({
      code: "FOV0020",
      message: `--kernels has ${given}, and ${name} has ${count} stages`,
      path: "--kernels",
      value: kernels.map(written).join(","),
      allowed: `${count} kernels, one a stage; - keeps a stage`,
      fix: `write --kernels ${mixers.map((_, stage) => written(kernels[stage])).join(",")}`,
    });
  }
  for (const [stage, { written }] of stages) {
    if (stage < count) continue;
    throw new FoveaError({
      code: "FOV0170",
      message: `${written}: ${name} has no stage ${stage}`,
      path: written.split(" ")[0] ?? "--stage",
      value: stage,
      allowed: `stages ${mixers.map((_, index) => index).join(", ")}`,
      fix: `write ${written.replace(/\d+=/, `${count - 1}=`)} for the last stage`,
    });
  }
  return {};
}

/** A kernel as `--kernels` takes it. */
function written(kernel: Size | undefined): string {
  if (kernel === undefined) return "-";
  const [height, width] = kernel;
  return height === width ? String(height) : `${height}x${width}`;
}

/** Cells as `--grid` takes them. */
function cellsAsked(rows: readonly number[], columns: readonly number[]): string {
  const [high, wide] = [rows.join(","), columns.join(",")];
  return high === wide ? high : `${high}x${wide}`;
}

function stageChange(asked: Asked, network: Network, stage: number): StageChange | undefined {
  const mixer = network.mixers[stage];
  const own = asked.stages.get(stage);
  const listed = asked.kernels?.[stage];
  if (mixer === undefined) return undefined;
  if (own !== undefined && listed !== undefined) {
    throw twice(stage, `--kernels ${listed.join("x")}`, own.written);
  }
  if (own?.grid !== undefined) return { grid: own.grid };
  const kernel = own?.kernel ?? listed;
  if (kernel !== undefined && mixer.type === "grid") {
    const { rows, columns } = mixer;
    if (kernel[0] === axisLength(rows) && kernel[1] === axisLength(columns)) return undefined;
    throw new FoveaError({
      code: "FOV0170",
      message: `stage ${stage} of ${network.name} has an explicit grid: its kernel is the sum of its cells`,
      path: `mixers[${stage}]`,
      value: kernel.join("x"),
      allowed: "the cells of a grid",
      fix: `write --grid ${stage}=${cellsAsked(rows, columns)} with other cells`,
    });
  }
  const { centre } = asked;
  const hasCentre = mixer.type === "peripheral";
  if (centre !== undefined && !network.mixers.some(({ type }) => type === "peripheral")) {
    throw new FoveaError({
      code: "FOV0170",
      message: `no stage of ${network.name} has a centre`,
      path: "--centre",
      value: centre,
      allowed: "peripheral() mixers",
      fix: "leave out --centre",
    });
  }
  if (hasCentre) requireFit(mixer, { kernel, centre }, stage);
  if (kernel === undefined && (centre === undefined || !hasCentre)) return undefined;
  return {
    ...(kernel === undefined ? {} : { kernel }),
    ...(centre !== undefined && hasCentre ? { centre } : {}),
  };
}

function requireFit(
  mixer: Network["mixers"][number] & { type: "peripheral" },
  asked: { readonly kernel: Size | undefined; readonly centre: number | undefined },
  stage: number,
): void {
  const centre = asked.centre ?? mixer.centre;
  const least = Math.min(...(asked.kernel ?? toSize(mixer.kernel)));
  if (centre <= least || (asked.kernel === undefined && asked.centre === undefined)) return;
  throw new FoveaError({
    code: "FOV0011",
    message: `stage ${stage}: a centre of ${centre} is wider than a kernel of ${least} taps`,
    path: `mixers[${stage}].centre`,
    value: centre,
    allowed: `an odd centre from 1 to ${least}`,
    fix: `write --centre ${least}, or give the stage a larger kernel`,
  });
}
