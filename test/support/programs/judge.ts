import { toSize } from "../../../src/ir/grid.js";
import { canonicalJson } from "../../../src/ir/hash.js";
import type { Network } from "../../../src/ir/index.js";
import { lostComments } from "./comments.js";
import type { Program } from "./program.js";
import { asked, type Request } from "./requests.js";
import type { Folder } from "./state.js";

/** Mistakes of an edit: sizes that are not as asked, and anything else that is different. */
export function judge(
  before: Folder,
  after: Folder,
  {
    request,
    program,
    edited,
    writtenOut,
  }: {
    readonly program: Program;
    readonly request: Request;
    /** Names of the files that the edit names. */
    readonly edited: ReadonlySet<string>;
    /** Whether expressions were replaced, with the comments in them. */
    readonly writtenOut: boolean;
  },
): readonly string[] {
  const mistakes: string[] = [];
  const wanted = (network: Network) =>
    network.name === request.network ? asked(network, request.wishes) : network;
  for (const [index, network] of program.networks.entries()) {
    mistakes.push(...differences(wanted(network), after.state.networks[index], network.name));
  }
  if (after.state.networks.length !== before.state.networks.length) {
    mistakes.push("there are more or fewer networks");
  }
  for (const [at, network] of before.state.others) {
    mistakes.push(...differences(wanted(network), after.state.others.get(at), `exports${at}`));
  }
  if (after.state.rest !== before.state.rest)
    mistakes.push("something beside the networks changed");
  for (const [name, text] of before.files) {
    const now = after.files.get(name) ?? "";
    mistakes.push(...textMistakes(text, now, writtenOut).map((each) => `${name}: ${each}`));
    if (text !== now && !edited.has(name)) mistakes.push(`${name}: changed, and no edit names it`);
  }
  return mistakes;
}

/** What of a text an edit has no business with. */
function textMistakes(before: string, after: string, writtenOut: boolean): readonly string[] {
  const mistakes: string[] = [];
  if (before.startsWith("\ufeff") !== after.startsWith("\ufeff")) {
    mistakes.push("the byte-order mark came or went");
  }
  const bare = (text: string) => text.replaceAll("\r\n", "").includes("\n");
  if (before.includes("\r\n") && bare(after)) mistakes.push("lines end in two ways");
  if (!before.includes("\r") && after.includes("\r")) mistakes.push("lines end otherwise");
  if (!writtenOut) {
    const lost = lostComments(before, after);
    if (lost.length > 0) mistakes.push(`comments are gone: ${lost.join(" ")}`);
  }
  return mistakes;
}

function differences(wanted: Network, found: Network | undefined, what: string): readonly string[] {
  if (found === undefined) return [`${what} is gone`];
  const [asked, now] = [inPairs(wanted), inPairs(found)];
  const keys = Object.keys(asked) as (keyof Network)[];
  return keys.flatMap((key) => {
    const [want, is] = [canonicalJson(asked[key]), canonicalJson(now[key])];
    return want === is ? [] : [`${what}.${key} is ${is}, not ${want}`];
  });
}

/** A network whose sizes are all height and width: `[61, 61]` is 61. */
function inPairs({ mixers, input, ...rest }: Network): Network {
  const paired = mixers.map((mixer) =>
    mixer.type === "grid"
      ? mixer
      : { ...mixer, kernel: [...toSize(mixer.kernel)] as [number, number] },
  );
  const size = [...toSize(input.size)] as [number, number];
  return { ...rest, mixers: paired, input: { ...input, size } };
}

/** How many lines differ, those that went and those that came. */
export function changedLines(before: string, after: string): number {
  const left = before.split("\n");
  const now = after.split("\n");
  let start = 0;
  while (start < left.length && left[start] === now[start]) start += 1;
  const counts = new Map<string, number>();
  for (const line of left.slice(start)) counts.set(line, (counts.get(line) ?? 0) + 1);
  let came = 0;
  for (const line of now.slice(start)) {
    const count = counts.get(line) ?? 0;
    if (count === 0) came += 1;
    else counts.set(line, count - 1);
  }
  const went = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return came + went;
}
