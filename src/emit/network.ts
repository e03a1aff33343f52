import { contentHash, type GridPair, Network } from "../ir/index.js";
import { importLines } from "../plan/imports.js";
import { kernelName } from "../plan/kernel-name.js";
import { type NetworkPlan, planNetwork, type StagePlan } from "../plan/network.js";
import type { TunedTable } from "../plan/triton/tuned.js";
import { tunedFor } from "../plan/triton/tuned-table.js";
import type { EmittedFile } from "./emitted-file.js";
import { formatPython } from "./format.js";
import { header, type Provenance } from "./header.js";
import { emitKernel, type KernelCodes, type KernelSpec } from "./kernel.js";
import { withTable } from "./kernel-command.js";
import { pythonComment, pythonFloat, pythonLiteral, pythonTuple } from "./literal.js";
import { emitManifest } from "./manifest.js";
import { definedNames, type Importable, LIBRARIES, usedImports } from "./python-imports.js";
import { render } from "./render.js";
import { timmView } from "./timm-view.js";

/** Where a package comes from. */
export interface NetworkOrigin {
  /** Base name of the user's file, or the shipped network's name. */
  readonly source: string;
  /** What emits the package again, without an output path. */
  readonly command: string;
  /** Where each stage's mixer was declared, such as `my.arch.ts:12`; none where it is not told. */
  readonly stages?: readonly (string | null)[];
}

/** Emitted Python before it is formatted. */
interface Code {
  readonly path: string;
  readonly code: string;
}

/**
 * The files of a network's package, sorted by path: `__init__.py`, `model.py`, `blocks.py`,
 * `mixers.py`, `layers.py`, `timm_model.py`, `kernels/`, `manifest.json`. A function of its arguments and fovea's version alone.
 *
 * @param options.tuned - what `fovea tune` found; entries for other kernels and maps change nothing
 * @param options.kernels - kernels' code that was printed before
 * @throws FoveaError FOV0040 where an entry has launches that its kernel does not have
 */
export function emitNetwork(
  declared: Network,
  origin: NetworkOrigin,
  options: {
    readonly tuned?: TunedTable | undefined;
    readonly kernels?: KernelCodes | undefined;
  } = {},
): EmittedFile[] {
  // Parsing puts the declaration's keys into one order, so that the same network has the same bytes.
  const network = Network.parse(declared);
  const hash = contentHash(network);
  const plan = planNetwork(network);
  const tuned = plan.kernels.flatMap(({ pair, maps }) => tunedFor(options.tuned ?? [], pair, maps));
  const { source } = origin;
  const provenance: Provenance = { source, command: withTable(origin.command, tuned), hash };
  const view = networkView(plan, origin.stages ?? []);
  const python = [
    { path: "__init__.py", code: render("package/__init__.py", initView(network)) },
    ...renderModules(plan, view),
    { path: "timm_model.py", code: render("package/timm_model.py", timmView(plan)) },
    { path: "kernels/__init__.py", code: render("package/kernels.py", view) },
  ].map(({ path, code }) => ({ path, text: header(provenance) + formatPython(code, path) }));
  const kernels = plan.kernels.map(({ pair, maps }) => {
    const spec: KernelSpec = { pair, maps, tuned: tunedFor(tuned, pair, maps) };
    const { path, text } = emitKernel(spec, provenance, options.kernels);
    return { path: `kernels/${path}`, text, spec };
  });
  const files = [...python, ...kernels.map(({ path, text }) => ({ path, text }))];
  const manifest = emitManifest(network, {
    origin,
    hash,
    params: plan.params,
    files,
    kernels,
    tuned,
  });
  return [...files, manifest].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function initView(network: Network): object {
  const imports = importLines([
    { module: "importlib.util" },
    { module: "warnings" },
    { module: "typing", names: ["Any"] },
    { module: ".model", names: ["create_model"] },
  ]);
  return { name: network.name, imports, config: pythonLiteral(network) };
}

/** `layers.py`, `mixers.py`, `blocks.py` and `model.py`; each imports what it uses of those before it. */
function renderModules({ modules, kernels }: NetworkPlan, view: object): Code[] {
  const importable: Importable[] = [
    ...LIBRARIES,
    ...kernels.map(({ module }) => ({ name: module, module: ".kernels" })),
  ];
  return (["layers", "mixers", "blocks", "model"] as const).map((file) => {
    const bodies = modules[file].map(({ template, mixer }) =>
      render(`modules/${template}.py`, { ...view, ...mixer }).trim(),
    );
    const code = (imports: readonly string[]): string =>
      render(`package/${file}.py`, { ...view, imports, modules: bodies });
    const text = code(usedImports(code([]), importable));
    importable.push(...definedNames(text).map((name) => ({ name, module: `.${file}` })));
    return { path: `${file}.py`, code: text };
  });
}

/** The plan in Python's spelling. */
function networkView(plan: NetworkPlan, origins: readonly (string | null)[]): object {
  const { stages, patches, input, block, denseStages } = plan;
  const [first = null] = origins;
  const isOne = origins.every((place) => place === first);
  return {
    name: plan.name,
    flags: plan.flags,
    mixers: plan.mixers,
    kernels: plan.kernels.map(({ module }) => module),
    classes: plan.head.classes,
    batchNorm: plan.head.norm === "batch",
    channels: input.channels,
    size: input.size.join("x"),
    stem: patches.stem,
    stride: patches.downsample,
    leastSide: plan.leastSide,
    lastMap: lastMap(plan),
    expansion: block.expansion,
    layerScale:
      block.type === "convnext" && block.layerScale !== false && pythonFloat(block.layerScale),
    dropPath: pythonFloat(plan.dropPath),
    initStd: pythonFloat(plan.initStd),
    blocks: plan.blocks,
    lastBlock: plan.blocks > 1 && plan.blocks - 1,
    firstChannels: stages[0]?.channels,
    lastChannels: stages.at(-1)?.channels,
    declared: isOne && first !== null && pythonComment(first),
    stages: stages.map((stage, index) => {
      const place = isOne ? null : (origins[index] ?? null);
      return { ...stageView(stage, plan), declared: place !== null && pythonComment(place) };
    }),
    fusion: plan.fusion,
    denseStages: denseStages.length > 0 && denseStages.map((index) => `stages.${index}`).join(", "),
  };
}

/** Height and width of the last stage's map in terms of the image's. */
function lastMap({ reduction: { stride, rounds } }: NetworkPlan): string {
  if (rounds === "down") return `H // ${stride}, W // ${stride}`;
  return rounds === "up" ? `ceil(H / ${stride}), ceil(W / ${stride})` : "h, w";
}

function stageView(stage: StagePlan, { flags, block }: NetworkPlan): object {
  const { mixer, kernels, bias, branch, dense } = stage.mixer;
  const module = kernelName(kernels[0] as GridPair);
  return {
    ...stage,
    width: block.type === "replknet" && stage.width,
    partial: flags.partial,
    mixer: mixer.name,
    kernels: kernels.map((pair) => ({
      module: kernelName(pair),
      channels: stage.convolved,
      bias,
    })),
    branch: branch !== false && { side: branch.side, corner: pythonTuple(branch.corner) },
    dense: dense !== false && kernelName(dense),
    expand: mixer.expands && module,
    embedding: stage.embedding !== false && pythonTuple(stage.embedding),
    shrink: mixer.bias && module,
  };
}
