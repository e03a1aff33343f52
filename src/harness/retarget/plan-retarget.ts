import { validateNetwork } from "../../dsl/index.js";
import { unifiedDiff } from "../../emit/unified-diff.js";
import type { FoveaError } from "../../ir/error.js";
import { canonicalJson } from "../../ir/hash.js";
import type { Network } from "../../ir/network.js";
import { isPeer } from "../../ir/trainable.js";
import { loadShipped } from "../../load/load-target.js";
import { noOrigins } from "../../load/origins.js";
import { describeAtom } from "../../retarget/describe.js";
import { chooseNetwork } from "../choose-network.js";
import { Dependents } from "./dependents.js";
import { goalsOf, wishedNetwork } from "./goals.js";
import { changingFile, computedValue, locationOf, noEdit, sharedValue } from "./refusals.js";
import type { RetargetPlan, RetargetRequest, ValueChange } from "./request.js";
import type { Snapshot } from "./snapshot.js";
import { type Reached, type Solution, solve, type Unsolved } from "./solve.js";
import { Workspace } from "./workspace.js";

/**
 * Finds how a user's file is to be edited for a network to have other sizes. Every edit is tried
 * by loading the files with it, in memory: the network has what is asked, and nothing else that
 * the file or the project declares is different.
 *
 * @throws FoveaError with its place for every mistake in the file; FOV0171 for a value that is
 *   computed and FOV0172 for one that other networks use, where that is not allowed; FOV0173 where
 *   no edit does it; and what `ask` throws
 */
export async function planRetarget(request: RetargetRequest): Promise<RetargetPlan> {
  const { target, cwd } = request;
  const shipped = loadShipped(target);
  if (shipped !== undefined) return planShipped(request, shipped);
  const workspace = await Workspace.open(target, cwd);
  const { before } = workspace;
  for (const note of before.declared.notes) request.note(note);
  const chosen = choose(before, request);
  const network = networkAt(before, chosen);
  const wished = validateNetwork(wishedNetwork(network, request.ask(network)));
  const goals = goalsOf(network, wished);
  const same = { source: before.source, file: before.file, before: network };
  if (goals.length === 0) {
    const origins = { before: before.origins, after: before.origins };
    return {
      ...same,
      after: network,
      edits: [],
      changes: [],
      networks: networksOf(before),
      origins,
    };
  }
  const dependents = new Dependents(workspace, network);
  const task = { workspace, chosen, wished, goals };
  const solution = await solve(task, (spans) => dependents.changedBy(spans));
  if ("left" in solution) {
    await requireSteady(workspace);
    throw unreached(solution, network, workspace) ?? noEdit(goals, workspace);
  }
  if (solution.reached.some((each) => each.writtenOut)) await requireSteady(workspace);
  requireAllowed(solution, request, network, workspace);
  return {
    ...same,
    after: networkAt(solution.after, chosen),
    edits: workspace.edits(solution.spans),
    changes: solution.reached.map((each) => changeOf(each, workspace)),
    networks: networksOf(solution.after),
    origins: { before: before.origins, after: solution.after.origins },
  };
}

function planShipped(
  { target, ask }: RetargetRequest,
  { trainables }: NonNullable<ReturnType<typeof loadShipped>>,
): RetargetPlan {
  const [network] = trainables;
  if (network === undefined || isPeer(network)) throw new TypeError(`${target} has no network`);
  const after = validateNetwork(wishedNetwork(network, ask(network)));
  const changes = goalsOf(network, after).map(
    ({ path, from, to }): ValueChange => ({
      path,
      from,
      to,
      location: { file: target },
      how: "the preset",
    }),
  );
  return {
    source: target,
    file: null,
    before: network,
    after,
    edits: [],
    changes,
    networks: [after],
    origins: { before: noOrigins, after: noOrigins },
  };
}

/** The index of the network that is meant, among those of the default export. */
function choose({ networks, source, file }: Snapshot, { network: name }: RetargetRequest): number {
  const own = networks.filter(({ at }) => at.startsWith("default"));
  return chooseNetwork(
    own.map(({ network }) => network),
    name,
    { source, file },
  );
}

function networkAt({ networks }: Snapshot, index: number): Network {
  const seen = networks[index];
  if (seen === undefined) throw new TypeError(`there is no network ${index}`);
  return seen.network;
}

function networksOf({ declared }: Snapshot): readonly Network[] {
  return declared.trainables.flatMap((each) => (isPeer(each) ? [] : [each]));
}

/** What the user did not allow is refused, with the edit that it would be. */
function requireAllowed(
  { spans, reached, frozen }: Solution,
  { override, split }: RetargetRequest,
  network: Network,
  workspace: Workspace,
): void {
  const offer = () =>
    workspace
      .edits(spans)
      .flatMap(({ file, before, after }) =>
        unifiedDiff(before, after, file, { names: ["now", "with it"] }).split("\n"),
      );
  for (const each of reached) {
    if (each.needs?.kind === "shared" && !split) {
      throw sharedValue(each, network, workspace, offer());
    }
    if (each.needs?.kind === "computed" && !override) {
      const { goal, at, needs } = each;
      throw computedValue(goal.path, needs.expression ?? at, workspace, offer());
    }
  }
  if (frozen !== undefined && !override) {
    throw computedValue(frozen.path, frozen.expression, workspace, offer());
  }
}

/** A value that others have too, and that cannot be written out for one of them. */
function unreached(
  { left, blocking }: Unsolved,
  network: Network,
  workspace: Workspace,
): FoveaError | undefined {
  const fix = "change it by hand for all of them, or give each a value of its own first";
  const shared = left.find(({ reason }) => reason?.kind === "shared") ?? left[0];
  if (shared === undefined) return undefined;
  const { goal, reason } = shared;
  const at = reason?.kind === "shared" ? reason.at : workspace.declaration(network);
  const networks = reason?.kind === "shared" ? reason.networks : blocking;
  if (at === undefined || networks.length === 0) return undefined;
  const needs = { kind: "shared" as const, networks, at };
  const reached = { goal, at, writtenOut: false, needs };
  return sharedValue(reached, network, workspace, []).with({ fix });
}

/** Written out, a value that is drawn anew at every load would stay what it was this time. */
async function requireSteady(workspace: Workspace): Promise<void> {
  const again = await workspace.tried([]);
  const { networks, rest } = workspace.before;
  const same = again?.rest === rest && canonicalJson(again.networks) === canonicalJson(networks);
  if (!same) throw changingFile(workspace);
}

function changeOf({ goal, at, writtenOut }: Reached, workspace: Workspace): ValueChange {
  const { path, from, to } = goal;
  const how = writtenOut ? `written out in ${describeAtom(at)}` : describeAtom(at);
  return { path, from, to, location: locationOf(at, workspace), how };
}
