import { type CallExpression, Node, type SourceFile } from "ts-morph";
import type { Mixer } from "../ir/mixer.js";
import { type ImportedName, importName } from "./import-name.js";
import { bare, nameOf } from "./nodes.js";
import { printMixer } from "./print-mixer.js";
import { indented, type OptionEdit, replace, setOption } from "./set-option.js";

/** Longest line that a list of mixers is kept on. */
const WIDTH = 100;

/** Ways to write out a network's mixers where the network is declared, the smallest first. */
export interface MixersEdit extends OptionEdit {
  /** Stages whose mixers are written out; the others stay as they are. */
  readonly stages: readonly number[];
}

/**
 * One mixer in the list of a call.
 *
 * @returns `undefined` where the call has no list with an entry of its own for the stage
 */
export function writeMixer(
  call: CallExpression,
  stage: number,
  mixer: Mixer,
): MixersEdit | undefined {
  const file = call.getSourceFile();
  const list = optionsOf(call).flatMap((each) => listOf(each))[0];
  if (list === undefined) return undefined;
  const elements = list.getElements();
  const element = elements[stage];
  if (element === undefined || elements.slice(0, stage + 1).some(Node.isSpreadElement)) {
    return undefined;
  }
  const { name, spans } = importName(file, mixer.type);
  const text = `${name}(${printMixer(mixer).options})`;
  return {
    spans: [replace(file, element, text), ...spans],
    replaced: element,
    at: element,
    stages: [stage],
  };
}

/** All mixers of a network, in the options of its call. */
export function writeMixers(call: CallExpression, mixers: readonly Mixer[]): readonly MixersEdit[] {
  const file = call.getSourceFile();
  const names = new Map<string, ImportedName>();
  for (const { type } of mixers) {
    if (!names.has(type)) names.set(type, importName(file, type));
  }
  const printed = mixers.map((mixer) => {
    return `${names.get(mixer.type)?.name}(${printMixer(mixer).options})`;
  });
  const imports = mergeImports(file, names);
  const text = list(printed);
  const stages = mixers.map((_, stage) => stage);
  const [, options] = call.getArguments();
  if (options !== undefined) {
    return setOption(file, options, ["mixers"], text).map((each) => ({
      ...each,
      spans: [...each.spans, ...imports],
      stages,
    }));
  }
  const [size] = call.getArguments();
  if (size === undefined) return [];
  const at = size.getEnd();
  const object = indented(file, call.getStart(), `, { mixers: ${text} }`);
  const span = { file: file.getFilePath(), start: at, end: at, text: object };
  return [{ spans: [span, ...imports], replaced: undefined, at: call, stages }];
}

/** Several names that come into one import stand there together. */
function mergeImports(file: SourceFile, names: ReadonlyMap<string, ImportedName>) {
  const spans = [...names.values()].flatMap((each) => each.spans);
  const byPlace = new Map<number, string>();
  for (const { start, text } of spans) byPlace.set(start, (byPlace.get(start) ?? "") + text);
  return [...byPlace].map(([start, text]) => ({
    file: file.getFilePath(),
    start,
    end: start,
    text,
  }));
}

function list(printed: readonly string[]): string {
  const line = `[${printed.join(", ")}]`;
  if (line.length + "  mixers: ,".length <= WIDTH) return line;
  return `[\n${printed.map((each) => `  ${each},\n`).join("")}]`;
}

/** The object literals that a call's options are written in. */
function optionsOf(call: CallExpression): readonly Node[] {
  const options = call.getArguments()[1];
  return options === undefined ? [] : [bare(options)];
}

function listOf(options: Node) {
  if (!Node.isObjectLiteralExpression(options)) return [];
  const property = options
    .getProperties()
    .findLast((each) => !Node.isSpreadAssignment(each) && nameOf(each.getNameNode()) === "mixers");
  const value = Node.isPropertyAssignment(property) && bare(property.getInitializerOrThrow());
  return value && Node.isArrayLiteralExpression(value) ? [value] : [];
}
