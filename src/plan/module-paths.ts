import type { NetworkFlags, NetworkStructure, StagePlan } from "./network.js";

/** A module of the emitted network: its name, and the modules in it, in the order of their making. */
interface Part {
  readonly name: string;
  readonly parts: readonly Part[];
}

const part = (name: string, ...parts: readonly Part[]): Part => ({ name, parts });

/** `ConvNorm`. */
const convNorm = (name: string): Part => part(name, part("conv"), part("norm"));

/**
 * The paths of an emitted network's modules, as `named_modules()` of a fresh network gives them,
 * without the network itself.
 */
export function modulePaths({ stages, flags, block }: NetworkStructure): string[] {
  const isReplknet = block.type === "replknet";
  const paths: string[] = [];
  for (const each of [stem(flags), part("stages", ...stages.map(stage)), HEAD])
    list(each, "", paths);
  return paths;

  function stage(plan: StagePlan, index: number): Part {
    const block = isReplknet ? replknetBlock(plan) : convnextBlock(plan);
    const depth = plan.end - plan.first;
    const blocks = Array.from({ length: depth }, (_, at) => part(String(at), ...block));
    return part(String(index), downsample(plan, flags), part("blocks", ...blocks));
  }
}

function list({ name, parts }: Part, above: string, paths: string[]): void {
  const path = above + name;
  paths.push(path);
  for (const each of parts) list(each, `${path}.`, paths);
}

const HEAD = part("head", part("norm"), part("drop"), part("linear"));

function stem({ convStem }: NetworkFlags): Part {
  if (!convStem) return part("stem", part("conv"), part("norm"));
  const convolutions = ["entry", "depthwise", "pointwise", "reduce"].map(convNorm);
  return part("stem", ...convolutions, part("act"));
}

/** The first stage's is an identity. */
function downsample({ from }: StagePlan, { convDownsample }: NetworkFlags): Part {
  if (from === false) return part("downsample");
  if (!convDownsample) return part("downsample", part("norm"), part("conv"));
  return part("downsample", convNorm("pointwise"), convNorm("reduce"), part("act"));
}

function mixer({ mixer: { mixer } }: StagePlan): Part {
  const normed = (name: string): Part[] => [part(name), part(`${name}_norm`)];
  const branch = mixer.branch ? normed("small") : [];
  if (mixer.stripes) return part("mixer", ...normed("tall"), ...normed("wide"), ...branch);
  return part("mixer", ...(mixer.normed ? normed("large") : [part("large")]), ...branch);
}

function convnextBlock(plan: StagePlan): Part[] {
  const after = ["norm", "expand", "act", "project", "drop_path"];
  return [mixer(plan), ...after.map((name) => part(name))];
}

function replknetBlock(plan: StagePlan): Part[] {
  const ffn = [part("norm"), convNorm("expand"), part("act"), convNorm("project")];
  return [
    part("norm"),
    convNorm("enter"),
    part("act"),
    mixer(plan),
    convNorm("leave"),
    part("drop_path"),
    part("ffn", ...ffn, part("drop_path")),
  ];
}
