import { realpathSync } from "node:fs";
import { Node } from "ts-morph";
import type { Network } from "../../ir/network.js";
import type { CallPlace } from "../../load/origins.js";
import type { Span } from "../../retarget/edit.js";
import { importedAs } from "../../retarget/import-name.js";
import { bare, callAt, calleeName } from "../../retarget/nodes.js";
import { printCells, printSize } from "../../retarget/print-mixer.js";
import { type OptionEdit, setOption } from "../../retarget/set-option.js";
import { writeMixer, writeMixers } from "../../retarget/write-mixers.js";
import { isComputed } from "../../retarget/written.js";
import type { Goal } from "./goals.js";
import type { Task } from "./solve.js";

/** An edit of a call's options that may reach goals. */
export interface Candidate {
  readonly spans: readonly Span[];
  readonly at: Node;
  /** The expression that goes away. */
  readonly replaced: Node | undefined;
  /** Whether that one computes something, or may. */
  readonly computed: boolean;
  /** Whether the value was a preset's, and written nowhere in the user's files. */
  readonly preset: boolean;
}

/**
 * Edits of calls that may reach goals, the smallest first.
 *
 * @param stage - the goals' stage, `undefined` for the input's size, `"every"` for the mixers as a
 *   whole
 */
export function candidatesFor(
  task: Task,
  stage: number | "every" | undefined,
  goals: readonly Goal[],
): readonly Candidate[] {
  const { workspace, chosen, wished } = task;
  const network = workspace.before.networks[chosen]?.network;
  const origins = network && workspace.before.origins(network);
  if (network === undefined || origins === undefined) return [];
  const call = callOf(task, origins.call);
  if (stage === undefined) return call === undefined ? [] : sizeCandidates(call, network, wished);
  const isPreset = (index: number): boolean => {
    const place = origins.mixers[index];
    const maker = place && callOf(task, place);
    return maker !== undefined && place !== undefined && !declares(maker, place.what);
  };
  if (stage === "every") {
    if (call === undefined) return [];
    const preset = network.mixers.every((_, index) => isPreset(index));
    return writeMixers(call, wished.mixers).map((edit) => asCandidate(edit, preset));
  }
  const place = origins.mixers[stage];
  const maker = place && callOf(task, place);
  const mixer = wished.mixers[stage];
  const candidates: Candidate[] = [];
  if (maker !== undefined && place !== undefined && declares(maker, place.what)) {
    candidates.push(...optionCandidates(maker, wished, goals));
  }
  const one = call && mixer && writeMixer(call, stage, mixer);
  if (one !== undefined) candidates.push(asCandidate(one, isPreset(stage)));
  return candidates;
}

function callOf({ workspace }: Task, place: CallPlace) {
  const file = realpathSync(place.file);
  return workspace.files.includes(file) ? callAt(workspace.parse(file), place) : undefined;
}

/** Whether a call is that of the DSL's function itself, and not of a preset that calls it. */
function declares(call: Parameters<typeof calleeName>[0], what: string): boolean {
  const name = calleeName(call);
  return name === what || importedAs(call.getSourceFile(), name) === what;
}

function asCandidate(edit: OptionEdit, preset: boolean): Candidate {
  const { spans, replaced, at } = edit;
  return { spans, at, replaced, computed: replaced !== undefined && isComputed(replaced), preset };
}

/** Options of the call that declares a mixer, all goals of the stage at once. */
function optionCandidates(
  maker: Parameters<typeof calleeName>[0],
  wished: Network,
  goals: readonly Goal[],
): Candidate[] {
  const [options] = maker.getArguments();
  if (options === undefined) return [];
  const file = maker.getSourceFile();
  const lists = goals.map(({ option: [key = ""], stage }) => {
    const text = optionText(wished, stage, key);
    return text === undefined ? [] : setOption(file, options, [key], text);
  });
  const most = Math.max(...lists.map((each) => each.length));
  const candidates: Candidate[] = [];
  for (let rank = 0; rank < most; rank += 1) {
    const edits = lists.map((each) => each[Math.min(rank, each.length - 1)]);
    if (edits.some((each) => each === undefined)) return [];
    const found = edits
      .filter((each) => each !== undefined)
      .map((each) => asCandidate(each, false));
    const [first] = found;
    if (first === undefined) return [];
    const computed = found.find((each) => each.computed);
    const spans = found.flatMap((each) => each.spans);
    candidates.push({ ...(computed ?? first), spans });
  }
  return candidates;
}

function optionText(wished: Network, stage: number | undefined, key: string): string | undefined {
  const mixer = wished.mixers[stage ?? -1];
  if (mixer === undefined) return undefined;
  if (key === "kernel" && "kernel" in mixer) return printSize(mixer.kernel);
  if (key === "centre" && "centre" in mixer) return String(mixer.centre);
  if (key !== "cells" || !("rows" in mixer)) return undefined;
  const { rows, columns } = mixer;
  return String(rows) === String(columns) ? printCells(rows) : undefined;
}

function sizeCandidates(
  call: Parameters<typeof calleeName>[0],
  network: Network,
  wished: Network,
): readonly Candidate[] {
  const [first, options] = call.getArguments();
  const file = call.getSourceFile();
  const size = printSize(wished.input.size);
  const whole = `{ channels: ${network.input.channels}, size: ${size} }`;
  if (options !== undefined) {
    const edits = [
      ...setOption(file, options, ["input", "size"], size),
      ...setOption(file, options, ["input"], whole),
    ];
    const preset = !declares(call, "network") && !givesAnything(options);
    return edits.map((edit) => asCandidate(edit, preset && edit.replaced === undefined));
  }
  if (first === undefined) return [];
  const at = first.getEnd();
  const span = { file: file.getFilePath(), start: at, end: at, text: `, { input: ${whole} }` };
  return [asCandidate({ spans: [span], replaced: undefined, at: call }, true)];
}

/** Whether options may hold any, because they are spread or are no object literal. */
function givesAnything(options: Node): boolean {
  const object = bare(options);
  return (
    !Node.isObjectLiteralExpression(object) || object.getProperties().some(Node.isSpreadAssignment)
  );
}
