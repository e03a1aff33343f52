import type { Node } from "ts-morph";
import { FoveaError, type SourceLocation } from "../../ir/error.js";
import type { Network } from "../../ir/network.js";
import { printable } from "../../ir/printable.js";
import { positionOf } from "../../retarget/nodes.js";
import type { Goal } from "./goals.js";
import type { Reached } from "./solve.js";
import type { Workspace } from "./workspace.js";

/** Longest piece of source in a sentence. */
const SHOWN = 60;

export function locationOf(node: Node, workspace: Workspace): SourceLocation {
  const file = workspace.asGiven(node.getSourceFile().getFilePath());
  return { file, ...positionOf(node) };
}

/**
 * A value that is computed, with what would write it out.
 *
 * @param path - the way to it from the network
 * @param expression - what gives it
 */
export function computedValue(
  path: string,
  expression: Node,
  workspace: Workspace,
  offer: readonly string[],
): FoveaError {
  const shown = workspace.definition(expression);
  const text = oneLine(shown.getText());
  return new FoveaError({
    code: "FOV0171",
    message: `${path} is computed: ${text}`,
    path,
    value: text,
    allowed: "a value that is written down, or --override",
    fix: "write the value out with --override, which makes the change shown above, or change what computes it",
    list: offer,
    location: locationOf(shown, workspace),
  });
}

/** A value that other networks use too. */
export function sharedValue(
  { goal, needs, at: written }: Reached,
  network: Network,
  workspace: Workspace,
  offer: readonly string[],
): FoveaError {
  const [others, at] = needs?.kind === "shared" ? [needs.networks, needs.at] : [[], written];
  return new FoveaError({
    code: "FOV0172",
    message: `${listed([network.name, ...others])} have ${goal.path} from one place`,
    path: goal.path,
    value: [network.name, ...others].join(", "),
    allowed: "a value that this network has to itself, or --split",
    fix: `write it out for ${network.name} alone with --split, which makes the change shown above, or change the shared value by hand`,
    list: offer,
    location: locationOf(at, workspace),
  });
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Nothing that was tried reaches the goals. */
export function noEdit(goals: readonly Goal[], workspace: Workspace): FoveaError {
  const wanted = goals.map(({ path, to }) => `${path} ${to}`).join(", ");
  return new FoveaError({
    code: "FOV0173",
    message: `no change of the source was found that gives ${wanted} and nothing else`,
    allowed: "values that are written in the file, in what it imports, or in the network's call",
    fix: "change the file by hand, and compare with `fovea inspect`",
    location: { file: workspace.before.file },
  });
}

/** The file gives other values each time it is loaded. */
export function changingFile(workspace: Workspace): FoveaError {
  return new FoveaError({
    code: "FOV0173",
    message:
      "the file declares something else each time it is loaded, so that no edit can be checked",
    allowed: "a file that declares the same each time",
    fix: "write down what it draws or reads, such as a random number or the time",
    location: { file: workspace.before.file },
  });
}

function oneLine(text: string): string {
  const line = printable(text.replace(/\s+/g, " "));
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
