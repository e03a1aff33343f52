import { importLines } from "../plan/imports.js";
import type { NetworkPlan } from "../plan/network.js";
import { pythonTuple } from "./literal.js";

/** ImageNet's colours, as everybody normalises them; grey takes the means over the colours. */
const COLOURS = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const GREY = { mean: 0.449, std: 0.226 } as const;

/** From this side on the field tests on the whole image, and below on the central 7/8 of it. */
const WHOLE_IMAGE = 384;

/** What `timm_model.py` prints of a network. */
export function timmView(plan: NetworkPlan): object {
  const { channels, size } = plan.input;
  const stages = plan.stages.length;
  const normalised = (kind: "mean" | "std"): string =>
    channels === 3 ? pythonTuple(COLOURS[kind]) : `(${GREY[kind]},) * ${channels}`;
  return {
    name: plan.name,
    imports: importLines([
      { module: "collections.abc", names: ["Callable"] },
      { module: "typing", names: ["Any"] },
      { module: "torch" },
      { module: "torch", names: ["nn"] },
      {
        module: "timm.models",
        names: [
          "build_model_with_cfg",
          "generate_default_cfgs",
          "is_model",
          "model_entrypoint",
          "register_model",
        ],
      },
      { module: ".model", names: ["create_model"] },
    ]),
    inputSize: pythonTuple([channels, ...size]),
    poolSize: pythonTuple(plan.stages.at(-1)?.map ?? []),
    cropPct: Math.min(...size) >= WHOLE_IMAGE ? "1.0" : "0.875",
    mean: normalised("mean"),
    std: normalised("std"),
    classes: plan.head.classes,
    firstConv: plan.flags.convStem ? "stem.entry.conv" : "stem.conv",
    outIndices: pythonTuple([...Array(stages).keys()]),
  };
}
