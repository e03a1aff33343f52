import { account } from "../../analyse/account.js";
import type { Check } from "../../analyse/check.js";
import { type FoveaError, isFoveaError } from "../../ir/error.js";
import { isPeer } from "../../ir/trainable.js";
import { loadAnyTarget } from "../../load/load-target.js";
import { type DeclaredPlace, placeOf } from "../../load/place-of.js";
import { planNetwork } from "../../plan/network.js";

/** A check of a network, with its place in the user's files. */
interface PlacedCheck extends Check, Partial<DeclaredPlace> {}

/** What is said of one network. */
interface CheckedNetwork {
  readonly name: string;
  /** The file or the shipped name, as it was written. */
  readonly target: string;
  readonly checks: readonly PlacedCheck[];
}

/** What checking files came to. */
export interface Checked {
  readonly networks: readonly CheckedNetwork[];
  /** One for each file that does not load, or whose network cannot be planned. */
  readonly errors: readonly FoveaError[];
}

/** Loads files and runs every analysis of their networks; nothing is emitted. */
export async function checkTargets(
  targets: readonly string[],
  note: (text: string) => void,
): Promise<Checked> {
  const networks: CheckedNetwork[] = [];
  const errors: FoveaError[] = [];
  for (const target of targets) {
    try {
      networks.push(...(await checkTarget(target, note)));
    } catch (error) {
      if (!isFoveaError(error)) throw error;
      errors.push(error);
    }
  }
  return { networks, errors };
}

async function checkTarget(
  target: string,
  note: (text: string) => void,
): Promise<readonly CheckedNetwork[]> {
  const { trainables, origins } = await loadAnyTarget(target, { cwd: process.cwd(), note });
  const networks: CheckedNetwork[] = [];
  for (const network of trainables) {
    if (isPeer(network)) {
      note(`${network.name} is a model of timm, and nothing of it is checked`);
      continue;
    }
    planNetwork(network);
    const checks: PlacedCheck[] = [];
    for (const check of account(network).checks) {
      checks.push({ ...check, ...(await placeOf(network, check.path, origins)) });
    }
    networks.push({ name: network.name, target, checks });
  }
  return networks;
}
